#include "listing/rules/assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace fairlist::rules {

namespace {

// 128 bits, so that thousandths of the whole IPv4 space do not overflow.
__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kThousandths = 1000;

bool is_time(std::size_t input) noexcept {
    return input == static_cast<std::size_t>(StandingInput::TimeToRemedy) - 1;
}

// Rates and times: the fewer the better.
bool is_less_better(std::size_t input) noexcept {
    const auto kind = static_cast<StandingInput>(input + 1);
    return kind == StandingInput::ListingRate || kind == StandingInput::TimeToRemedy ||
           kind == StandingInput::RepeatRate;
}

// Whether part of whole is at most `limit`: thousandths, of the listing rate thousandths of one in
// a thousand, of times seconds.
Wide scaled_part(std::size_t input, const Measure& measure) noexcept {
    if (is_time(input)) {
        return measure.part;
    }
    const Wide part = Wide{measure.part} * kThousandths;
    return input == 0 ? part * kThousandths : part;
}

Wide scaled_limit(std::size_t input, const Measure& measure, std::uint64_t limit) noexcept {
    return is_time(input) ? Wide{limit} : Wide{limit} * measure.whole;
}

std::int32_t points_of(const Threshold& threshold, std::size_t input,
                       const Measure& measure) noexcept {
    if (measure.whole == 0 || measure.whole < threshold.at_least) {
        return 0;
    }
    const Wide value = scaled_part(input, measure);
    const Wide good = scaled_limit(input, measure, threshold.good);
    const Wide poor = scaled_limit(input, measure, threshold.poor);
    const auto weight = static_cast<std::int32_t>(threshold.weight);
    if (is_less_better(input)) {
        return value <= good ? weight : value > poor ? -weight : 0;
    }
    return value >= good ? weight : value < poor ? -weight : 0;
}

// To leave a tier for a better one takes more points than to stay in it, and the same downwards.
Tier tier_of(const StandingRules& rules, std::int32_t points, Tier before) noexcept {
    const std::int32_t good = rules.good_points + (before == Tier::Good ? -rules.hysteresis : 0);
    const std::int32_t poor = rules.poor_points + (before == Tier::Poor ? rules.hysteresis : 0);
    if (points >= good) {
        return Tier::Good;
    }
    return points <= poor ? Tier::Poor : Tier::Neutral;
}

std::string limit_text(std::size_t input, std::uint64_t limit) {
    if (is_time(input)) {
        return format_duration(
            static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, INT32_MAX)));
    }
    if (input == 0) {
        return fmt::format("{:.3f} in 1,000", static_cast<double>(limit) / 1000);
    }
    return fmt::format("{:.1f} %", static_cast<double>(limit) / 10);
}

std::string value_text(std::size_t input, const Measure& measure) {
    if (measure.whole == 0) {
        return "nothing to measure";
    }
    if (is_time(input)) {
        return fmt::format("{}, the median of {} report{}", limit_text(input, measure.part),
                           measure.whole, measure.whole == 1 ? "" : "s");
    }
    const double share =
        static_cast<double>(measure.part) / static_cast<double>(measure.whole) * 1000;
    const std::string value =
        input == 0 ? fmt::format("{:.3f} in 1,000", share) : fmt::format("{:.1f} %", share / 10);
    return fmt::format("{} ({} of {})", value, measure.part, measure.whole);
}

std::string line_of(const Threshold& threshold, std::size_t input, const Measure& measure,
                    std::int32_t points) {
    const bool less = is_less_better(input);
    std::string line =
        fmt::format("{}: {}; good {} {}, poor {} {}",
                    to_string(static_cast<StandingInput>(input + 1)), value_text(input, measure),
                    less ? "at most" : "at least", limit_text(input, threshold.good),
                    less ? "above" : "below", limit_text(input, threshold.poor));
    if (threshold.weight == 0) {
        return line + ": shown, not counted";
    }
    if (measure.whole != 0 && measure.whole < threshold.at_least) {
        return line + fmt::format(": {} is too few to conclude from, needed {}", measure.whole,
                                  threshold.at_least);
    }
    return line + fmt::format(": {:+} point{}", points, points == 1 || points == -1 ? "" : "s");
}

}  // namespace

Standing assess(const StandingRules& rules, const std::array<Measure, kStandingInputs>& inputs,
                Tier before, Time now) {
    Standing standing;
    standing.computed = now;
    standing.before = before;
    standing.inputs = inputs;
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        standing.given[i] = points_of(rules.thresholds[i], i, inputs[i]);
        standing.points += standing.given[i];
    }
    standing.tier = tier_of(rules, standing.points, before);
    return standing;
}

std::vector<std::string> to_lines(const StandingRules& rules, const Standing& standing) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        lines.push_back(line_of(rules.thresholds[i], i, standing.inputs[i], standing.given[i]));
    }
    lines.push_back(fmt::format(
        "{:+} points: {}; good from {:+} (to stay good {:+}), poor up to {:+} (to stay poor {:+}); "
        "before: {}",
        standing.points, to_string(standing.tier), rules.good_points,
        rules.good_points - rules.hysteresis, rules.poor_points,
        rules.poor_points + rules.hysteresis, to_string(standing.before)));
    return lines;
}

std::vector<std::string> way_up(const StandingRules& rules, const Standing& standing) {
    if (standing.tier == Tier::Good) {
        return {};
    }
    const bool is_poor = standing.tier == Tier::Poor;
    const std::int32_t needed =
        (is_poor ? rules.poor_points + rules.hysteresis + 1 : rules.good_points) - standing.points;
    std::vector<std::string> lines{fmt::format("{} needs {} point{} more",
                                               to_string(is_poor ? Tier::Neutral : Tier::Good),
                                               needed, needed == 1 ? "" : "s")};
    for (std::size_t i = 0; i < kStandingInputs; ++i) {
        const auto weight = static_cast<std::int32_t>(rules.thresholds[i].weight);
        if (standing.given[i] < weight) {
            lines.push_back(fmt::format(
                "{} {} {} would give {:+}", to_string(static_cast<StandingInput>(i + 1)),
                is_less_better(i) ? "of at most" : "of at least",
                limit_text(i, rules.thresholds[i].good), weight - standing.given[i]));
        }
    }
    return lines;
}

}  // namespace fairlist::rules
