// Problem: an answer that says what went wrong, as JSON (RFC 9457).
#pragma once

#include "listing/base/result.h"
#include "server/http/http_message.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::http {

// What is wrong with one line of a body. `why` never quotes the line.
struct LineFault {
    std::uint64_t line;  // from 1; 0: it has no line
    std::string why;
    std::uint32_t column = 0;  // from 1, in bytes; 0: the whole line
    std::string where{};       // "ranges[3].prefix"; empty: none
};

// As many line faults as an answer names, and as many characters as it says about each.
inline constexpr std::size_t kLineFaultsShown = 100;
inline constexpr std::size_t kFaultTextMax = 300;

struct Problem {
    unsigned status = 500;
    std::string detail;  // for people; house style of error messages
    std::vector<LineFault> errors = {};
    // A URI that names the kind of problem; "about:blank" says that the status tells all of it
    // (RFC 9457 section 4.2.1).
    std::string type = "about:blank";
};

[[nodiscard]] Response to_response(const Problem& problem);
// The most frequent form.
[[nodiscard]] Response problem(unsigned status, std::string detail);
// 503 with Retry-After, and 429 the same way.
[[nodiscard]] Response retry_later(unsigned status, std::string detail, std::uint32_t seconds);
// What an error of a handler's work means to the client. That of Io is not told: it is about us.
[[nodiscard]] Response problem_of(const Error& error, std::uint32_t retry_seconds);

// "Not Found" (RFC 9110 section 15); "Unknown" for a status that this server never sends.
[[nodiscard]] std::string_view status_phrase(unsigned status) noexcept;

// Printable ASCII of kFaultTextMax characters at most; a question mark for every other byte. Texts
// come from checks of outside bytes, and JSON has to be valid UTF-8.
[[nodiscard]] std::string plain_text(std::string_view text);

}  // namespace fairlist::http
