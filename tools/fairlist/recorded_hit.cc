#include "tools/fairlist/recorded_hit.h"

#include "tools/fairlist/table.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace fairlist::cli {

namespace {

using rules::Outcome;

std::string effect_text(const RuleEffect& effect) {
    const std::string subject = to_string(effect.subject);
    const auto of_listing = [&](std::string_view what) {
        return fmt::format("{} {} listing {} of {} in list {}", effect.rule, what, effect.listing,
                           subject, effect.list);
    };
    switch (effect.outcome) {
        case Outcome::Open:
            return of_listing("opened");
        case Outcome::Extend:
            return of_listing("extended");
        case Outcome::Notice:
            return of_listing("gave notice of");
        case Outcome::Suspended:
            return of_listing("left the suspended");
        case Outcome::Refuse:
            return fmt::format("{} may not list {}{}", effect.rule, subject,
                               effect.steps.empty() ? "" : ": " + effect.steps.back());
        case Outcome::Wait:
            break;
    }
    return fmt::format("{} waits for more", effect.rule);
}

}  // namespace

void EffectCounts::add(const RecordedHit& recorded) noexcept {
    for (const RuleEffect& effect : recorded.effects) {
        opened += effect.outcome == Outcome::Open ? 1U : 0U;
        extended += effect.outcome == Outcome::Extend ? 1U : 0U;
        noticed += effect.outcome == Outcome::Notice ? 1U : 0U;
        refused += effect.outcome == Outcome::Refuse ? 1U : 0U;
    }
}

RecordedView view_recorded(const Hit& hit, const RecordedHit& recorded) {
    RecordedView view{recorded.number, {}, {}};
    if (hit.address) {
        view.accused.push_back(to_string(*hit.address));
    }
    if (hit.signer) {
        view.accused.push_back(hit.signer->text());
    }
    for (const Subject& link : hit.links) {
        view.accused.push_back(to_string(link));
    }
    std::ranges::copy_if(recorded.effects, std::back_inserter(view.effects),
                         [](const RuleEffect& effect) { return effect.outcome != Outcome::Wait; });
    return view;
}

std::string recorded_text(const RecordedView& view) {
    std::vector<std::string> effects;
    for (const RuleEffect& effect : view.effects) {
        effects.push_back(effect_text(effect));
    }
    const std::string accused = view.accused.empty()
                                    ? "nobody who may be listed"
                                    : fmt::format("{}", fmt::join(view.accused, ", "));
    return printable(fmt::format("hit {}: {}{}{}", view.number, accused,
                                 effects.empty() ? "" : ": ", fmt::join(effects, "; "))) +
           "\n";
}

std::string effects_text(const EffectCounts& counts) {
    std::string text =
        counts.opened == 0 ? "no listing opened" : counted(counts.opened, "listing") + " opened";
    const auto more = [&](std::uint64_t count, std::string_view what) {
        if (count != 0) {
            text += fmt::format(", {} {}", grouped(count), what);
        }
    };
    more(counts.extended, "extended");
    more(counts.noticed, "noticed");
    more(counts.refused, "refused");
    return text;
}

}  // namespace fairlist::cli
