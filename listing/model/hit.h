// Hit: one thing that a sensor saw and that accuses somebody: a mail to a trap, a report, a log-in.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/domain.h"
#include "listing/model/subject.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class HitKind : std::uint8_t { Mail = 1, Report = 2, Web = 3, Ssh = 4, Other = 5 };

[[nodiscard]] std::string_view to_string(HitKind kind) noexcept;
[[nodiscard]] Result<HitKind> parse_hit_kind(std::string_view text);

// Says whether a hit is known already: BLAKE2b-256 of what makes it itself (of a mail: its bytes
// and the trap's number).
using HitKey = std::array<std::uint8_t, 32>;

inline constexpr std::uint16_t kHitWeightOne = 100;
inline constexpr std::size_t kHitLinksMax = 16;
inline constexpr std::size_t kHitStepsMax = 40;
inline constexpr std::size_t kHitStepBytesMax = 400;
inline constexpr std::size_t kHitTextBytesMax = 255;  // of helo, peer_name, sensor

// Nothing in it may tell a trap: no text of the mail but what is named here. `helo` is what the
// peer said and may name the recipient: it is shown to operators alone.
struct Hit {
    HitKey key{};
    Time time;  // when it came in, by our clock
    HitKind kind = HitKind::Mail;
    std::string sensor;      // "lmtp", "pipe", "mbox:2026-11.mbox", "hits:web1", "report:arf"
    std::uint64_t mail = 0;  // its number in the vault; 0: none is kept
    std::uint32_t trap = 0;  // the trap's number in the vault; 0: none (a report)
    std::uint16_t weight = kHitWeightOne;  // hundredths
    std::optional<Address> address;        // the server at fault; not set: none may be listed
    std::optional<DomainName> signer;      // whose DKIM signature verified (RFC 6376)
    std::vector<Subject> links;  // domains (.name) and literal addresses, at most kHitLinksMax
    std::string helo;
    std::string peer_name;           // PTR
    std::uint64_t subject_hash = 0;  // keyed, so that nobody can try subjects; 0: no subject
    std::vector<std::string> steps;  // how the server at fault was found, in words without secrets
};

// An identity that a hit accuses, before any border is looked at: the address (of IPv6 the /64),
// the signer's domain, or a link. The scope of domains is ExactAndBelow.
[[nodiscard]] Subject identity_of(const Address& address) noexcept;
[[nodiscard]] Subject identity_of(const DomainName& domain);

}  // namespace fairlist
