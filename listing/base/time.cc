#include "listing/base/time.h"

#include "listing/base/clock_shift.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace fairlist {

namespace {

constexpr std::uint64_t kDurationSecondsMax = 0x7FFFFFFF;

struct Unit {
    char letter;
    std::uint32_t seconds;
};
constexpr std::array<Unit, 5> kUnits = {
    {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}}};

// Reads exactly `digits` digits; returns -1 when there are other characters.
int read_number(std::string_view text, std::size_t at, std::size_t digits) {
    if (text.size() < at + digits) {
        return -1;
    }
    int value = 0;
    for (const char c : text.substr(at, digits)) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

Result<Time> bad_time(std::string_view text) {
    return fail(Errc::Malformed,
                fmt::format("time \"{}\": expected 2026-11-21, 2026-11-21T08:30:00Z or Unix "
                            "seconds up to 4294967295",
                            text));
}

Result<Time> parse_calendar(std::string_view text) {
    const int year = read_number(text, 0, 4);
    const int month = read_number(text, 5, 2);
    const int day = read_number(text, 8, 2);
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool has_clock = text.size() > 10;
    if (has_clock) {
        hour = read_number(text, 11, 2);
        minute = read_number(text, 14, 2);
        second = read_number(text, 17, 2);
        if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
            text[19] != 'Z') {
            return bad_time(text);
        }
    }
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    const bool in_range = year >= 1970 && month > 0 && day > 0 && date.ok() && hour >= 0 &&
                          hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    if (!in_range || text[4] != '-' || text[7] != '-') {
        return bad_time(text);
    }
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds =
        static_cast<std::int64_t>(days) * 86400 + hour * 3600 + minute * 60 + second;
    if (seconds <= 0 || seconds > UINT32_MAX) {
        return bad_time(text);
    }
    return Time{static_cast<std::uint32_t>(seconds)};
}

}  // namespace

Time now() noexcept {
    return Time{static_cast<std::uint32_t>(std::time(nullptr) + clock_shift())};
}

std::string to_string(Time time) {
    if (!time.is_set()) {
        return "-";
    }
    const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(point);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(point - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Result<Time> parse_time(std::string_view text) {
    if (text.size() >= 10 && text[4] == '-') {
        return parse_calendar(text);
    }
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds == 0) {
        return bad_time(text);
    }
    return Time{seconds};
}

Result<std::uint32_t> parse_duration(std::string_view text) {
    const auto bad = [&] {
        return fail(Errc::Malformed,
                    fmt::format("duration \"{}\": expected a number with s, m, h, d or w, such as "
                                "\"1h30m\", up to 68 years",
                                text));
    };
    std::uint64_t total = 0;
    std::string_view rest = text;
    if (rest.empty()) {
        return bad();
    }
    while (!rest.empty()) {
        std::uint32_t number = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
        if (error != std::errc{}) {
            return bad();
        }
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        std::uint32_t factor = 1;
        if (!rest.empty()) {
            const char letter = static_cast<char>(rest.front() | 0x20);
            const auto* unit = std::ranges::find(kUnits, letter, &Unit::letter);
            if (unit == kUnits.end()) {
                return bad();
            }
            factor = unit->seconds;
            rest.remove_prefix(1);
        }
        total += std::uint64_t{number} * factor;
        if (total > kDurationSecondsMax) {
            return bad();
        }
    }
    return static_cast<std::uint32_t>(total);
}

std::string format_duration(std::uint32_t seconds) {
    if (seconds == 0) {
        return "0s";
    }
    std::string text;
    for (const Unit& unit : kUnits) {
        // 30 days are "30d", not "4w2d".
        if (unit.letter == 'w' && seconds % unit.seconds != 0) {
            continue;
        }
        if (const std::uint32_t number = seconds / unit.seconds; number != 0) {
            text += fmt::format("{}{}", number, unit.letter);
            seconds %= unit.seconds;
        }
    }
    return text;
}

}  // namespace fairlist
