// Fault walk: which server is at fault for a mail, from the trace that it bears.
#pragma once

#include "importer/mail/received.h"
#include "listing/model/address.h"
#include "listing/model/prefix.h"
#include "listing/model/protected_space.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// What became of one step. The first five go on to the next line, the others decide.
enum class FaultRule : std::uint8_t {
    Loopback,       // the server handed it to itself
    Private,        // the peer is inside a private network: ours, since the line is trusted
    TrustedRelay,   // the peer is one of ours, or a relay whose lines we believe
    Fetched,        // by POP3 or IMAP: the peer is a mailbox
    Handover,       // no peer, or LMTP
    Outside,        // the first peer outside: at fault
    Protected,      // the same, but in space that is never listed
    KnownGood,      // the same, but a sender that is never listed
    NoAddress,      // the line names a peer, but not its address
    Unreadable,     // the line cannot be read
    UnknownWriter,  // the newest line is not by one of our servers
    EndOfTrace,     // every peer was passed over
    TooManyLines
};

// Stable: scripts read them.
[[nodiscard]] std::string_view to_string(FaultRule rule) noexcept;

struct FaultRules {
    std::vector<Prefix> trusted_relays;
    // As our servers name themselves after "by"; empty: the newest line is believed whoever wrote
    // it.
    std::vector<std::string> own_hosts;
    ProtectedSpace protected_space;
    std::vector<Prefix> known_good;
};

struct FaultStep {
    FaultRule rule = FaultRule::EndOfTrace;
    std::size_t line = 0;  // 1 is the newest Received line; 0 the envelope, or no line
    Received seen;         // of the envelope only the peer
    std::string why;       // of Protected and KnownGood: which space
};

struct FaultFinding {
    std::optional<Address> peer;  // the first outside, listed or not
    bool may_be_listed = false;
    std::vector<FaultStep> steps;  // never empty; the last one decided
    std::size_t unused_lines = 0;  // below: whoever is at fault can have forged them

    [[nodiscard]] const FaultStep& decided_by() const { return steps.back(); }
};

// RFC 5321 has servers refuse mail with more than 100 (section 6.3).
inline constexpr std::size_t kTraceLinesMax = 100;

// What a listing of this address would hold: itself, of IPv6 the /64 (RFC 4291 section 2.5.4: one
// link, and so one customer at least).
[[nodiscard]] Prefix listed_prefix(const Address& address) noexcept;

// `received`: the values of the trace lines, newest first. `envelope_peer`: who connected, as the
// mail server told it outside the mail (LMTP, XCLIENT, an argument): preferred to the first line.
[[nodiscard]] FaultFinding walk_to_fault(std::span<const std::string> received,
                                         const std::optional<Address>& envelope_peer,
                                         const FaultRules& rules);

}  // namespace fairlist::importer
