#include "listing/rules/policy_effect.h"

#include "listing/model/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fairlist::rules {

namespace {

bool holds(const Prefix& outer, const Prefix& inner) noexcept {
    return outer.contains(inner) && outer.is_v4() == inner.is_v4();
}

// 1 + the index of the narrowest other range that holds it; 0: none.
std::vector<std::size_t> parents_of(std::span<const PolicyRange> ranges) {
    std::vector<std::size_t> parents(ranges.size());
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        std::size_t at = i;
        while (at != 0 && !holds(ranges[at - 1].prefix, ranges[i].prefix)) {
            at = parents[at - 1];
        }
        parents[i] = at;
    }
    return parents;
}

// Cuts a range into the pieces that nobody else's space and no narrower range of its own is in.
class Cutter {
  public:
    Cutter(std::span<const PolicyRange> ranges, const HolderMap& holders, std::string_view slug)
        : ranges_(ranges), holders_(holders), slug_(slug) {}

    // Whether the whole range is the provider's.
    [[nodiscard]] bool is_whole(const Prefix& prefix) const {
        const std::string* holder = holders_.holder(prefix);
        return holder != nullptr && *holder == slug_;
    }

    // False: too many pieces.
    [[nodiscard]] bool cut(std::size_t range, std::vector<EffectEntry>& out) {
        range_ = range;
        first_ = out.size();
        return cut(ranges_[range].prefix, out);
    }

  private:
    [[nodiscard]] bool cut(const Prefix& prefix, std::vector<EffectEntry>& out) {
        if (has_own_range(prefix)) {
            return true;
        }
        const std::string* only = holders_.holder(prefix);
        const bool is_nobodys =
            holders_.narrowest(prefix) == nullptr && holders_.inside(prefix).empty();
        if (is_nobodys || (only != nullptr && *only != slug_)) {
            return true;
        }
        if (only != nullptr && !has_range_inside(prefix)) {
            if (out.size() - first_ >= kPiecesMax) {
                return false;
            }
            out.push_back({prefix, false, range_});
            return true;
        }
        const unsigned length = prefix.length + 1U;
        const Prefix low = Prefix::of(prefix.base, length);
        const Prefix high = Prefix::of(prefix.last(), length);
        return cut(low, out) && cut(high, out);
    }

    // A narrower range of the policy than the one that is cut holds the prefix.
    [[nodiscard]] bool has_own_range(const Prefix& prefix) const {
        const auto at = std::ranges::lower_bound(ranges_, prefix, {}, &PolicyRange::prefix);
        const auto index = static_cast<std::size_t>(at - ranges_.begin());
        return at != ranges_.end() && at->prefix == prefix && index != range_;
    }
    [[nodiscard]] bool has_range_inside(const Prefix& prefix) const {
        const auto at = std::ranges::upper_bound(ranges_, prefix, {}, &PolicyRange::prefix);
        return at != ranges_.end() && holds(prefix, at->prefix);
    }

    std::span<const PolicyRange> ranges_;
    const HolderMap& holders_;
    std::string_view slug_;
    std::size_t range_ = 0;
    std::size_t first_ = 0;
};

// Foreign text as a template has to have it.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '{') {
            out += c;
        }
    }
    return out;
}

// At most kReasonBytesMax bytes, without a half character of UTF-8 or a half escape at the end.
std::string cut_reason(std::string text) {
    if (text.size() <= kReasonBytesMax) {
        return text;
    }
    std::size_t end = kReasonBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    text.resize(end);
    std::size_t braces = 0;
    while (braces < text.size() && text[text.size() - 1 - braces] == '{') {
        ++braces;
    }
    text.resize(text.size() - braces % 2);
    return text;
}

std::string_view direct_mail_words(const PolicyRange& range) noexcept {
    if (range.use == SpaceUse::Quarantine) {
        return "a pool for mail that its provider doubts";
    }
    return range.direct_mail == DirectMail::OnRequest ? "sends mail directly on request only"
                                                      : "should not send mail directly";
}

}  // namespace

Effect effect_of(std::span<const PolicyRange> ranges, const HolderMap& holders,
                 std::string_view slug, Says says) {
    Effect effect;
    const std::vector<std::size_t> parents = parents_of(ranges);
    Cutter cutter(ranges, holders, slug);
    // What stands as an entry as wide as the range is, so that it has to be said where it ends.
    std::vector<bool> covers(ranges.size());
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const bool is_covered = parents[i] != 0 && covers[parents[i] - 1];
        const bool is_whole = cutter.is_whole(ranges[i].prefix);
        if (!says(ranges[i])) {
            if (is_covered) {
                effect.entries.push_back({ranges[i].prefix, true, i});
            }
            continue;
        }
        if (is_whole) {
            effect.entries.push_back({ranges[i].prefix, false, i});
            covers[i] = true;
            continue;
        }
        const std::size_t before = effect.entries.size();
        if (!cutter.cut(i, effect.entries)) {
            effect.entries.resize(before);
            effect.left_out.push_back(i);
        }
    }
    return effect;
}

bool is_listed_by_policy(const PolicyRange& range) noexcept {
    return range.use == SpaceUse::Quarantine || range.direct_mail == DirectMail::Never ||
           range.direct_mail == DirectMail::OnRequest;
}

bool is_smarthost(const PolicyRange& range) noexcept {
    return range.use == SpaceUse::Smarthost;
}

std::string policy_reason(const PolicyRange& range, std::string_view provider_name,
                          PolicyVoice voice) {
    std::string text =
        fmt::format("{{address}} {}: {} of {}", direct_mail_words(range),
                    voice == PolicyVoice::Provider ? "policy" : "our policy for the space",
                    escaped(provider_name));
    if (!range.policy.empty()) {
        text += fmt::format(": {}", escaped(range.policy));
    }
    if (!range.smarthost.empty()) {
        text += fmt::format(" Smarthost: {}.", escaped(range.smarthost));
    }
    if (!range.contact.empty()) {
        text += fmt::format(" Contact: {}.", escaped(range.contact));
    }
    return cut_reason(std::move(text));
}

std::string smarthost_reason(const PolicyRange& range, std::string_view provider_name) {
    std::string text = fmt::format("{{address}} relays for {}", escaped(provider_name));
    if (!range.contact.empty()) {
        text += fmt::format(", contact {}", escaped(range.contact));
    }
    return cut_reason(std::move(text));
}

std::string exemption_reason(const PolicyExemption& exemption) {
    std::string text = escaped(exemption.reason);
    if (!exemption.customer.empty()) {
        text += fmt::format("{}customer {}", text.empty() ? "" : "; ", escaped(exemption.customer));
    }
    return cut_reason(std::move(text));
}

}  // namespace fairlist::rules
