#include "server/http/response_text.h"

#include "server/http/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace fairlist::http {

namespace {

using Field = std::pair<std::string_view, std::string_view>;

// No answer is for a cache or for another page, and none is guessed to be what it does not say it
// is. Nor is there a Server field: a version number helps who looks for old ones.
constexpr std::array<Field, 3> kDefaults = {
    Field{"Cache-Control", "no-store"},
    Field{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    Field{"Referrer-Policy", "no-referrer"},
};

constexpr std::array<std::string_view, 9> kOwn = {
    "Connection", "Content-Length",    "Content-Type",          "Date", "Keep-Alive", "Server",
    "Trailer",    "Transfer-Encoding", "X-Content-Type-Options"};

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_name_char(char c) noexcept {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_text(std::string_view value) noexcept {
    return std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_own(std::string_view name) noexcept {
    return std::ranges::any_of(kOwn, [&](std::string_view own) { return same_name(own, name); });
}

bool says(const Response& response, std::string_view name) noexcept {
    return std::ranges::any_of(response.headers,
                               [&](const auto& field) { return same_name(field.first, name); });
}

void append(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

// RFC 9110 section 8.6: neither 1xx nor 204 has a Content-Length.
void append_content(std::string& out, const Response& response) {
    if (response.status == 204) {
        return;
    }
    append(out, "Content-Length", std::to_string(response.body.size()));
    if (!response.content_type.empty()) {
        append(out, "Content-Type", response.content_type);
    }
}

}  // namespace

bool is_sendable(const Response& response) noexcept {
    const auto is_fine = [](const auto& field) {
        return !field.first.empty() && std::ranges::all_of(field.first, is_name_char) &&
               is_text(field.second) && !is_own(field.first);
    };
    return response.status >= 200 && response.status <= 599 &&
           (response.status != 204 || response.body.empty()) && is_text(response.content_type) &&
           std::ranges::all_of(response.headers, is_fine);
}

std::string head_text(const Response& response, const Framing& framing) {
    std::string out =
        fmt::format("HTTP/1.1 {} {}\r\n", response.status, status_phrase(response.status));
    append(out, "Date", http_date(framing.date));
    append_content(out, response);
    append(out, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : kDefaults) {
        if (!says(response, name)) {
            append(out, name, value);
        }
    }
    for (const auto& [name, value] : response.headers) {
        append(out, name, value);
    }
    if (framing.close) {
        append(out, "Connection", "close");
    }
    return out + "\r\n";
}

std::string http_date(Time time) {
    namespace chrono = std::chrono;
    constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const chrono::sys_seconds at{chrono::seconds{time.seconds}};
    const auto midnight = chrono::floor<chrono::days>(at);
    const chrono::year_month_day date{midnight};
    const chrono::hh_mm_ss clock{at - midnight};
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays.at(chrono::weekday{midnight}.c_encoding()),
        static_cast<unsigned>(date.day()), kMonths.at(static_cast<unsigned>(date.month()) - 1),
        static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
        clock.seconds().count());
}

}  // namespace fairlist::http
