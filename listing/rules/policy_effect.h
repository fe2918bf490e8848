// PolicyEffect: what a mail policy makes of the lists: whose prefixes are listed, and which parts
// inside are not.
#pragma once

#include "listing/model/policy.h"
#include "listing/model/provider.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::rules {

// One entry of a list in which the narrowest entry wins. `range`: index of the range that says so.
struct EffectEntry {
    Prefix prefix;
    bool exempt = false;
    std::size_t range = 0;
};

// More pieces than this are not made of a range that has the space of others in it.
inline constexpr std::size_t kPiecesMax = 100000;

// Whether the range says that it is listed, in the list that is looked at.
using Says = bool (*)(const PolicyRange& range) noexcept;

// Entries such that an address is listed when the narrowest of the ranges that hold it says so, and
// its holder is `slug`. A range that has no space of others in it stands as it is; one that has is
// cut into the widest pieces without it. Ranges inside that say otherwise stand as exemptions.
// Requires: ranges sorted by prefix, none twice. A range that would take more than kPiecesMax
// pieces is left out, and its index told in `left_out`.
struct Effect {
    std::vector<EffectEntry> entries;
    std::vector<std::size_t> left_out;
};
[[nodiscard]] Effect effect_of(std::span<const PolicyRange> ranges, const HolderMap& holders,
                               std::string_view slug, Says says);

// Direct mail never or on request, or a quarantine pool.
[[nodiscard]] bool is_listed_by_policy(const PolicyRange& range) noexcept;
[[nodiscard]] bool is_smarthost(const PolicyRange& range) noexcept;

// The reason of the entry, as a template (zones/reason.h) with braces of foreign text escaped: the
// policy's words, smarthost and contact quoted, at most kReasonBytesMax bytes.
[[nodiscard]] std::string policy_reason(const PolicyRange& range, std::string_view provider_name,
                                        PolicyVoice voice);
// `domain`: that answers for the provider's mail; empty: none is known.
[[nodiscard]] std::string smarthost_reason(const PolicyRange& range, std::string_view provider_name,
                                           std::string_view domain, PolicyVoice voice);
// Of a range inside a listed one.
[[nodiscard]] std::string allowed_reason(std::string_view provider_name, PolicyVoice voice);
[[nodiscard]] std::string exemption_reason(const PolicyExemption& exemption);

}  // namespace fairlist::rules
