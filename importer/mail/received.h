// Received: one trace line of a mail, as the server that took the mail wrote it.
#pragma once

#include "listing/base/result.h"
#include "listing/model/address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

enum class Transfer : std::uint8_t {
    Network,   // from a peer; also when the line does not say which
    Handover,  // inside one host or site: no peer named, a local queue, LMTP (RFC 2033 section 2)
    Fetched    // from a mailbox, by POP3 or IMAP: the peer did not send it
};

// Texts hold printable ASCII only, other bytes as "?", at most kReceivedTextBytesMax bytes.
struct Received {
    Transfer transfer = Transfer::Network;
    std::optional<Address> peer;   // as the server saw it, never what the peer said of itself
    std::string helo;              // as the peer said; empty: not given
    std::string peer_name;         // the peer's PTR name as written; empty: none, or "unknown"
    std::string by;                // the server that wrote the line
    std::string protocol;          // "ESMTPS", "Microsoft SMTP Server"
    std::string recipient_domain;  // of the recipient, a secret: for comparison, never for output
};

inline constexpr std::size_t kReceivedBytesMax = std::size_t{16} << 10U;
inline constexpr std::size_t kReceivedTextBytesMax = 255;
inline constexpr std::size_t kCommentDepthMax = 16;

// The value of a Received line (RFC 5321 section 4.4), folded or not, in the forms of Postfix,
// Sendmail, Exim, qmail, Courier, Exchange, Gmail and those who write like them. The identifier
// and the date are passed over. Linear time.
//
// Errors: OutOfRange (longer than kReceivedBytesMax, deeper comments), Malformed (a comment without
// end). No message quotes the line, which may name a trap.
[[nodiscard]] Result<Received> parse_received(std::string_view value);

}  // namespace fairlist::importer
