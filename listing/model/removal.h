// Removal: a request to end a listing: who asks, what was checked, what became of it.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/subject.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class RemovalState : std::uint8_t {
    Proving = 1,   // the proof has not come yet
    Checking = 2,  // proved; the checks run
    Waiting = 3,   // until `until`, then it is checked again
    Refused = 4,   // names the rule, the figure seen and the figure needed; may be appealed
    Operator = 5,  // waits for a person, who is due at `due`
    Granted = 6,   // watched until `until`
    Kept = 7,      // the watch is over without a hit
    Relisted = 8,  // hits came within the watch
    Lapsed = 9,    // the proof never came
    Moot = 10      // the listing ended by itself meanwhile
};
enum class ProofKind : std::uint8_t {
    Address = 1,   // asked from the listed address
    Mail = 2,      // a code mailed to postmaster@ or abuse@ the confirmed PTR domain
    Dns = 3,       // a TXT challenge below the confirmed PTR domain
    Provider = 4,  // the token of who holds the space
    Operator = 5
};
enum class CheckKind : std::uint8_t {
    Ptr = 1,
    Confirmed = 2,  // one address of the PTR's name is the address
    NotGeneric = 3,
    Helo = 4,
    Spf = 5,
    Policy = 6,
    QuietTime = 7,
    EarlierRemovals = 8,
    OtherLists = 9
};
enum class CheckResult : std::uint8_t {
    Passed = 1,
    Failed = 2,
    Unknown = 3,  // could not be told now, such as a resolver that does not answer
    NotAsked = 4  // nothing to look at: no HELO was given
};

[[nodiscard]] std::string_view to_string(RemovalState state) noexcept;
[[nodiscard]] std::string_view to_string(ProofKind kind) noexcept;
[[nodiscard]] std::string_view to_string(CheckKind kind) noexcept;
[[nodiscard]] std::string_view to_string(CheckResult result) noexcept;
[[nodiscard]] Result<RemovalState> parse_removal_state(std::string_view text);
[[nodiscard]] Result<ProofKind> parse_proof_kind(std::string_view text);
[[nodiscard]] Result<CheckKind> parse_check_kind(std::string_view text);
// Of Refused too, though it may be appealed: another request may be made. Not of Granted: it is
// watched.
[[nodiscard]] bool has_ended(RemovalState state) noexcept;
// listing.md, "Removal requests".
[[nodiscard]] bool may_become(RemovalState from, RemovalState to) noexcept;

inline constexpr std::array<CheckKind, 9> kCheckKinds = {
    CheckKind::Ptr,       CheckKind::Confirmed, CheckKind::NotGeneric, CheckKind::Helo,
    CheckKind::Spf,       CheckKind::Policy,    CheckKind::QuietTime,  CheckKind::EarlierRemovals,
    CheckKind::OtherLists};

inline constexpr std::size_t kCheckTextBytesMax = 500;
inline constexpr std::size_t kRemovalNameBytesMax = 255;  // of helo and mail_domain
inline constexpr std::size_t kRemovalTextBytesMax = 1000;
inline constexpr std::size_t kRemovalEventsMax = 64;

struct Check {
    CheckKind kind = CheckKind::Ptr;
    CheckResult result = CheckResult::Unknown;
    std::string seen;    // printable; hostile bytes escaped
    std::string remedy;  // what would make it pass; empty when it passed
    friend bool operator==(const Check&, const Check&) = default;
};

// What the DNS says of the party, found outside (importer/checks).
struct PartyFindings {
    std::vector<Check> checks;   // Ptr to Spf
    std::string ptr_name;        // confirmed; empty: none
    std::string ptr_domain;      // its registrable domain; empty: as ptr_name
    std::string challenge_seen;  // of Dns: TXT texts at the challenge's name, joined by a space
};

struct RemovalEvent {
    Time time;
    RemovalState state = RemovalState::Proving;
    std::string actor;
    std::string why;
    friend bool operator==(const RemovalEvent&, const RemovalEvent&) = default;
};

// Nothing in it tells who asked but the kind of proof: that is in the vault.
struct Removal {
    std::uint64_t id = 0;       // from 1, never given twice; shown to operators alone
    std::uint64_t listing = 0;  // 0: an entry without a life, such as one of a policy
    std::string list;
    Subject subject;
    Address party;         // whose DNS is looked at; only of RemovalDesk::to_check(), on no disk
    std::string provider;  // slug of the holder; empty: not known
    ProofKind proof = ProofKind::Address;
    RemovalState state = RemovalState::Proving;
    bool attested = false;  // a provider says that it is fixed
    Time made;
    Time changed;
    Time until;  // of Proving: when it lapses; Waiting: when it goes on; Granted: end of the watch
    Time due;    // of Operator: the day a person has to have answered (RFC 6471 section 2.2.3)
    std::uint32_t step = 0;   // earlier grants within the reset time: the backoff's step
    std::string helo;         // as the requester gave it; empty: none
    std::string mail_domain;  // whose SPF is asked; empty: none
    std::string statement;    // what the requester says was done; shown to operators alone
    std::string outcome;      // the rule, the figure seen, the figure needed
    std::vector<Check> checks;
    std::vector<RemovalEvent> events;  // oldest first
    friend bool operator==(const Removal&, const Removal&) = default;
};

// How a list lets go. On disk in no record.
enum class RemovalMode : std::uint8_t {
    Quiet,      // granted after a quiet time: trap lists
    Exemption,  // granted as an exemption when the checks pass and the policy permits: policy lists
    Person,     // an operator decides
    Never       // the entries of feeds: the answer names the source
};
[[nodiscard]] std::string_view to_string(RemovalMode mode) noexcept;

struct RemovalRule {
    RemovalMode mode = RemovalMode::Quiet;
    std::uint32_t quiet_seconds = 3600;  // since the last hit
    // Of the first grant, the second within `reset_seconds` and so on; the last stays.
    std::vector<std::uint32_t> waits_seconds{0, 86400, 7 * 86400, 30 * 86400};
    std::uint32_t reset_seconds = 180 * 86400;
    std::uint32_t watch_seconds = 7 * 86400;
    // That must pass; the others are shown.
    std::vector<CheckKind> needed;
    std::uint32_t exemption_seconds = 365 * 86400;
};

}  // namespace fairlist
