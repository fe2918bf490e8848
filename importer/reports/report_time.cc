#include "importer/reports/report_time.h"

#include "importer/reports/mail_fields.h"

#include <curl/curl.h>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>

namespace fairlist::importer {

namespace {

constexpr std::size_t kDateBytesMax = 200;

std::optional<Time> in_range(std::int64_t seconds) {
    if (seconds <= 0 || seconds > UINT32_MAX) {
        return std::nullopt;
    }
    return Time{static_cast<std::uint32_t>(seconds)};
}

// Two digits; -1: others.
int two_digits(std::string_view text) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return text.size() == 2 && error == std::errc{} && end == text.data() + 2 && value >= 0 ? value
                                                                                            : -1;
}

// "Z", "+01:00": how much the time written is ahead of UTC.
std::optional<std::int64_t> parse_offset(std::string_view text) {
    if (text == "Z" || text == "z") {
        return 0;
    }
    const bool has_form = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    const int hours = has_form ? two_digits(text.substr(1, 2)) : -1;
    const int minutes = has_form ? two_digits(text.substr(4, 2)) : -1;
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return std::nullopt;
    }
    const std::int64_t seconds = hours * 3600 + minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

// Takes ".123" off the front; false: a dot without digits.
bool skip_fraction(std::string_view& text) {
    if (!text.starts_with('.')) {
        return true;
    }
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return end != 1;
}

}  // namespace

std::optional<Time> parse_mail_date(std::string_view text) {
    if (text.size() > kDateBytesMax) {
        return std::nullopt;
    }
    const std::string plain = without_comments(text);
    const std::time_t seconds = curl_getdate(plain.c_str(), nullptr);
    return in_range(seconds);
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    constexpr std::size_t kDateAndTime = 19;  // "2026-11-21T08:30:00"
    if (text.size() <= kDateAndTime || text.size() > kDateBytesMax) {
        return std::nullopt;
    }
    std::string utc = std::string(text.substr(0, kDateAndTime)) + "Z";
    utc[10] = utc[10] == 't' || utc[10] == ' ' ? 'T' : utc[10];
    std::string_view rest = text.substr(kDateAndTime);
    const auto time = parse_time(utc);
    const bool good = time && skip_fraction(rest);
    const auto offset = good ? parse_offset(rest) : std::nullopt;
    return offset ? in_range(std::int64_t{time->seconds} - *offset) : std::nullopt;
}

}  // namespace fairlist::importer
