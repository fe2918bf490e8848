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

// Cuts a range into the widest pieces that nobody else's space is in. What is exempt, or said by a
// narrower range without holes, is never wider than the piece that holds it, and so wins there.
class Cutter {
  public:
    Cutter(std::span<const PolicyRange> ranges, const HolderMap& holders, std::string_view slug)
        : ranges_(ranges), holders_(holders), slug_(slug) {}

    // Whether all of it is the provider's.
    [[nodiscard]] bool is_whole(const Prefix& prefix) const {
        const std::string* holder = holders_.holder(prefix);
        return holder != nullptr && *holder == slug_;
    }
    // Whether a piece of a range around it is wider than it. Requires: such a range that was cut.
    [[nodiscard]] bool is_within_piece(const Prefix& prefix) const {
        return is_whole(Prefix::of(prefix.base, prefix.length - 1U));
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
        if (is_whole(prefix)) {
            if (out.size() - first_ >= kPiecesMax) {
                return false;
            }
            out.push_back({prefix, false, range_});
            return true;
        }
        const bool is_nobodys =
            holders_.narrowest(prefix) == nullptr && holders_.inside(prefix).empty();
        if (is_nobodys || holders_.holder(prefix) != nullptr) {
            return true;
        }
        const unsigned length = prefix.length + 1U;
        return cut(Prefix::of(prefix.base, length), out) &&
               cut(Prefix::of(prefix.last(), length), out);
    }

    // A narrower range of the policy is just as wide as the prefix: it speaks for itself.
    [[nodiscard]] bool has_own_range(const Prefix& prefix) const {
        const auto at = std::ranges::lower_bound(ranges_, prefix, {}, &PolicyRange::prefix);
        const auto index = static_cast<std::size_t>(at - ranges_.begin());
        return at != ranges_.end() && at->prefix == prefix && index != range_;
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
    // How a range stands in the list, for those inside it.
    enum class Stands : std::uint8_t { Not, Whole, InPieces };
    Effect effect;
    const std::vector<std::size_t> parents = parents_of(ranges);
    Cutter cutter(ranges, holders, slug);
    std::vector<Stands> stands(ranges.size(), Stands::Not);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const Prefix& prefix = ranges[i].prefix;
        const Stands around = parents[i] == 0 ? Stands::Not : stands[parents[i] - 1];
        const bool is_whole = cutter.is_whole(prefix);
        if (!says(ranges[i])) {
            if (around == Stands::Whole ||
                (around == Stands::InPieces && is_whole && cutter.is_within_piece(prefix))) {
                effect.entries.push_back({prefix, true, i});
            }
        } else if (is_whole) {
            effect.entries.push_back({prefix, false, i});
            stands[i] = Stands::Whole;
        } else {
            const std::size_t before = effect.entries.size();
            if (cutter.cut(i, effect.entries)) {
                stands[i] = Stands::InPieces;
            } else {
                effect.entries.resize(before);
                effect.left_out.push_back(i);
            }
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

// RFC 8904 section 3: the text of an allow list is of use where it has the domain that answers for
// the address; where none does, a name below .INVALID tells why the address stands there.
std::string smarthost_reason(const PolicyRange& range, std::string_view provider_name,
                             std::string_view domain, PolicyVoice voice) {
    std::string_view named = range.smarthost.empty() ? domain : range.smarthost;
    if (named.empty()) {
        named =
            voice == PolicyVoice::Provider ? "PROVIDER-POLICY.INVALID" : "OPERATOR-LISTED.INVALID";
    }
    std::string text =
        fmt::format("{} {{address}} relays for {}", escaped(named), escaped(provider_name));
    if (!range.contact.empty()) {
        text += fmt::format(", contact {}", escaped(range.contact));
    }
    return cut_reason(std::move(text));
}

std::string allowed_reason(std::string_view provider_name, PolicyVoice voice) {
    return cut_reason(fmt::format(
        "direct mail allowed by {} {}",
        voice == PolicyVoice::Provider ? "the policy of" : "our policy for the space of",
        escaped(provider_name)));
}

std::string exemption_reason(const PolicyExemption& exemption) {
    std::string text = escaped(exemption.reason);
    if (!exemption.customer.empty()) {
        text += fmt::format("{}customer {}", text.empty() ? "" : "; ", escaped(exemption.customer));
    }
    return cut_reason(std::move(text));
}

}  // namespace fairlist::rules
