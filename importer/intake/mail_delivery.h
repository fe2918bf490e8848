// Mail delivery: one mail that a mail server hands over through a pipe.
#pragma once

#include "importer/fetch/byte_stream.h"
#include "importer/intake/packed_mail.h"
#include "importer/lmtp/mail_sink.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

// As sysexits.h has them, which mail servers read: the server bounces the mail, or keeps it and
// tries again.
enum class DeliveryExit : std::uint8_t {
    Stored = 0,
    BadData = 65,           // EX_DATAERR: empty or too large
    NoUser = 67,            // EX_NOUSER: no trap
    TemporaryFailure = 75,  // EX_TEMPFAIL: not stored now
};

struct DeliveryResult {
    DeliveryExit exit = DeliveryExit::TemporaryFailure;
    std::uint64_t stored = 0;      // recipients
    std::uint64_t duplicates = 0;  // recipients
    std::string message;           // for the server's log; names no recipient. Empty: all is well
};

// Stores the mail for all recipients that are traps; durable when it says so. Of several recipients
// one that is no trap does not spoil the others: NoUser is said when none is. Never throws: what is
// wrong with the vault is a temporary failure.
[[nodiscard]] DeliveryResult deliver_one(Vault& vault, const IncomingMail& mail) noexcept;

// The envelope as arguments of a pipe give it. What mail servers put there for nothing ("unknown",
// "", "-") is nothing; "[192.0.2.1]" and "IPv6:2001:db8::1" are addresses. Errors: Malformed (an
// address that is none).
[[nodiscard]] Result<Envelope> pipe_envelope(std::string_view peer, std::string_view helo,
                                             std::string_view peer_name, std::string_view sender);

// Reads to the end. Errors: OutOfRange (larger), or the stream's.
[[nodiscard]] Result<std::string> read_bounded(ByteStream& source,
                                               std::size_t bytes_max = kMailBytesMax);

}  // namespace fairlist::importer
