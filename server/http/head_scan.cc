#include "server/http/head_scan.h"

#include <algorithm>

namespace fairlist::http {

namespace {

// Method, two spaces and version around the target.
constexpr std::size_t kRequestLineRest = 32;

HeadScan refuse(unsigned status, std::string why) {
    return {.bytes = 0, .refusal = {.status = status, .why = std::move(why)}};
}

HeadScan too_long() {
    return refuse(431, "the header is longer than this server takes");
}

bool is_bad_control(char c) noexcept {
    return (c >= 0 && c < ' ' && c != '\t') || c == '\x7F';
}

// The line that starts at `begin`, without its CRLF; npos when its end has not come.
struct Line {
    std::size_t end = std::string_view::npos;
    bool is_broken = false;
};

Line find_line(std::string_view bytes, std::size_t begin) noexcept {
    const auto rest = bytes.substr(begin);
    const auto* const bad = std::ranges::find_if(rest, is_bad_control);
    if (bad == rest.end()) {
        return {};
    }
    const auto at = static_cast<std::size_t>(bad - rest.begin());
    if (*bad != '\r') {
        return {.end = begin + at, .is_broken = true};
    }
    if (at + 1 == rest.size()) {
        return {};
    }
    return {.end = begin + at, .is_broken = rest[at + 1] != '\n'};
}

// Empty when the line may stand there.
Refusal judge_line(std::string_view line, std::size_t number, const HeadLimits& limits) {
    if (number == 0) {
        return line.size() > limits.target_bytes + kRequestLineRest
                   ? Refusal{.status = 414,
                             .why = "the request target is longer than this server takes"}
                   : Refusal{};
    }
    if (line.starts_with(' ') || line.starts_with('\t')) {
        return {.status = 400, .why = "a header field is folded over two lines"};
    }
    if (number > limits.fields) {
        return {.status = 431, .why = "the header has more fields than this server takes"};
    }
    return {};
}

}  // namespace

HeadScan scan_head(std::string_view bytes, const HeadLimits& limits) {
    const std::string_view seen = bytes.substr(0, limits.head_bytes);
    std::size_t begin = 0;
    for (std::size_t number = 0; begin < seen.size(); ++number) {
        const Line line = find_line(seen, begin);
        if (line.is_broken) {
            return refuse(
                400, "the header has a control character, or a line that does not end with CRLF");
        }
        const std::string_view text = seen.substr(begin, line.end - begin);
        if (line.end == begin && number != 0) {
            return {.bytes = line.end + 2, .refusal = {}};
        }
        if (Refusal refusal = judge_line(text, number, limits); !refusal.why.empty()) {
            return {.bytes = 0, .refusal = std::move(refusal)};
        }
        if (line.end == std::string_view::npos) {
            break;
        }
        begin = line.end + 2;
    }
    return bytes.size() >= limits.head_bytes ? too_long() : HeadScan{};
}

}  // namespace fairlist::http
