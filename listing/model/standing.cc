#include "listing/model/standing.h"

#include <fmt/format.h>

#include <array>

namespace fairlist {

std::string_view to_string(Tier tier) noexcept {
    switch (tier) {
        case Tier::Poor:
            return "poor";
        case Tier::Neutral:
            return "neutral";
        case Tier::Good:
            return "good";
    }
    return "?";
}

Result<Tier> parse_tier(std::string_view text) {
    for (const Tier tier : {Tier::Poor, Tier::Neutral, Tier::Good}) {
        if (text == to_string(tier)) {
            return tier;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("standing \"{}\": expected poor, neutral or good", text.substr(0, 64)));
}

std::string_view to_string(StandingInput input) noexcept {
    switch (input) {
        case StandingInput::ListingRate:
            return "listing rate";
        case StandingInput::TimeToRemedy:
            return "time to remedy";
        case StandingInput::RepeatRate:
            return "repeat rate";
        case StandingInput::PolicyCoverage:
            return "policy coverage";
        case StandingInput::Identification:
            return "identification";
        case StandingInput::HonestWord:
            return "honest word";
    }
    return "?";
}

}  // namespace fairlist
