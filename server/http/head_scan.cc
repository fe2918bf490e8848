#include "server/http/head_scan.h"

#include <algorithm>
#include <utility>

namespace fairlist::http {

namespace {

// Method, two spaces and version around the target.
constexpr std::size_t kRequestLineRest = 32;

constexpr std::string_view kCrlf = "\r\n";

HeadScan refuse(unsigned status, std::string why) {
    return {.bytes = 0, .refusal = {.status = status, .why = std::move(why)}};
}

HeadScan too_long() {
    return refuse(431, "the header is longer than this server takes");
}

bool is_bad_control(char c) noexcept {
    return (c >= 0 && c < ' ' && c != '\t') || c == '\x7F';
}

// Why the line, or what has come of it, may not stand there; empty when it may.
Refusal judge_line(std::string_view line, std::size_t number, const HeadLimits& limits) {
    if (number == 0) {
        if (line.size() > limits.target_bytes + kRequestLineRest) {
            return {.status = 414, .why = "the request target is longer than this server takes"};
        }
        return {};
    }
    if (line.starts_with(' ') || line.starts_with('\t')) {
        return {.status = 400, .why = "a header field is folded over two lines"};
    }
    if (number > limits.fields && !line.empty()) {
        return {.status = 431, .why = "the header has more fields than this server takes"};
    }
    return {};
}

}  // namespace

LineScan scan_line(std::string_view bytes, std::size_t bytes_max) noexcept {
    const auto* const bad = std::ranges::find_if(bytes, is_bad_control);
    LineScan line{.bytes = static_cast<std::size_t>(bad - bytes.begin())};
    const std::string_view rest = bytes.substr(line.bytes);
    line.is_whole = rest.starts_with(kCrlf);
    line.is_broken = line.bytes > bytes_max || !kCrlf.starts_with(rest.substr(0, kCrlf.size()));
    return line;
}

HeadScan scan_head(std::string_view bytes, const HeadLimits& limits) {
    std::size_t begin = 0;
    for (std::size_t number = 0; begin < limits.head_bytes; ++number) {
        const LineScan line = scan_line(bytes.substr(begin), limits.head_bytes);
        const std::size_t end = begin + line.bytes;
        if (Refusal refusal = judge_line(bytes.substr(begin, line.bytes), number, limits);
            !refusal.why.empty()) {
            return {.bytes = 0, .refusal = std::move(refusal)};
        }
        // With the byte behind, which tells whether a CR is bare, within the limit.
        if (line.is_broken && end + 1 < limits.head_bytes) {
            return refuse(400, "the header has a control character, or a line without CRLF");
        }
        if (!line.is_whole) {
            return bytes.size() < limits.head_bytes ? HeadScan{} : too_long();
        }
        begin = end + kCrlf.size();
        if (line.bytes == 0 && number != 0) {
            return begin <= limits.head_bytes ? HeadScan{.bytes = begin, .refusal = {}}
                                              : too_long();
        }
    }
    return too_long();
}

}  // namespace fairlist::http
