// Method: the request methods that this server knows (RFC 9110 section 9, RFC 5789).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fairlist::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

// Methods are case-sensitive (RFC 9110 section 9.1). CONNECT and TRACE are for proxies and for
// debugging, and unknown here.
[[nodiscard]] std::optional<Method> parse_method(std::string_view text) noexcept;
[[nodiscard]] std::string_view to_string(Method method) noexcept;

}  // namespace fairlist::http
