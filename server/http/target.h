// Target: the path and the query of a request (RFC 9112 section 3.2).
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::http {

inline constexpr std::size_t kQueryKeysMax = 32;
inline constexpr std::size_t kPathSegmentsMax = 16;
inline constexpr std::size_t kValueBytesMax = 1024;  // one decoded value of path or query

struct Target {
    std::string path;   // with its percent encoding
    std::string query;  // the same; empty also when there is only a question mark
};

// Names to decoded values: printable UTF-8 or not is for the handler to judge, but there is no
// control character in them.
using Values = std::map<std::string, std::string, std::less<>>;

// Takes origin-form ("/v1/hits?a=b"), absolute-form, which proxies send and every server must take
// (section 3.2.2), and "*". Path segments "." and ".." are errors: no client of ours sends them,
// and somebody in front may have judged another path. Errors: Malformed.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

// The Host of a request: one host, perhaps a port, no user (RFC 9110 section 7.2).
[[nodiscard]] bool is_host(std::string_view text) noexcept;

// One path segment or query part, percent decoding undone. Errors: Malformed, OutOfRange.
[[nodiscard]] Result<std::string> decode(std::string_view text);

// The query's values. A key that is not among `allowed`, or comes twice, is an error: silence would
// let a misspelt filter mean "no filter". Errors: Malformed, OutOfRange.
[[nodiscard]] Result<Values> read_query(std::string_view query,
                                        std::span<const std::string> allowed);

}  // namespace fairlist::http
