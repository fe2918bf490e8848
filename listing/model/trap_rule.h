// Trap rule: how many hits of which kind list an identity, on which list, and for how long.
#pragma once

#include "listing/model/code.h"
#include "listing/model/hit.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist {

// What of a hit the rule lists.
enum class RuleTarget : std::uint8_t {
    Address,  // the server at fault, unless the space is shared and a customer signed (listing.md)
    Signer,   // the domain whose signature verified
    Links     // domains and addresses that the mail links to, by the kind of the list
};

struct TrapRule {
    std::string name;  // as a list name; audit and history name it
    std::string list;
    RuleTarget target = RuleTarget::Address;
    std::vector<HitKind> kinds;  // empty: all
    std::uint32_t hits = 1;      // weights of the hits in the window add up to this times 100
    std::uint32_t traps = 1;     // of so many different traps; a hit without one counts its sensor
    std::uint32_t window_seconds = 86400;
    // Of the first listing, the second within `reset_seconds` and so on; the last stays.
    std::vector<std::uint32_t> lifetimes_seconds{86400, 3 * 86400, 7 * 86400, 30 * 86400};
    std::uint32_t reset_seconds = 180 * 86400;  // so long unlisted: counted from the first again
    // So long before the listing its owner is told; it is listed when hits go on after that.
    std::uint32_t notice_seconds = 0;
    // So many open single listings within one border widen to the border; 0: never.
    std::uint32_t escalate_count = 0;
    // The border where no assignment is known; 32 and 64: the address alone, never wider.
    std::uint8_t border_v4 = 32;
    std::uint8_t border_v6 = 64;
    ReturnCode code;                // not set: the list's
    std::string reason;             // template; empty: the list's
    std::uint32_t ttl_seconds = 0;  // 0: the list's
};

inline constexpr std::size_t kTrapRulesMax = 64;
inline constexpr std::uint32_t kRuleHitsMax = 1000;  // that a rule may ask for, and of traps
inline constexpr std::size_t kLifetimesMax = 16;
inline constexpr std::uint32_t kRuleWindowSecondsMax = 90 * 86400;

}  // namespace fairlist
