// SpfRecord: the terms of a domain's SPF record (RFC 7208 section 12), checked as a whole.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

enum class SpfMechanism : std::uint8_t { All, Include, A, Mx, Ptr, Ip4, Ip6, Exists };
enum class SpfQualifier : char { Pass = '+', Fail = '-', SoftFail = '~', Neutral = '?' };

struct SpfDirective {
    SpfQualifier qualifier = SpfQualifier::Pass;
    SpfMechanism mechanism = SpfMechanism::All;
    std::string domain;        // domain-spec with its macros, or the network of ip4 and ip6
    unsigned v4_length = 32;   // of a, mx, ip4
    unsigned v6_length = 128;  // of a, mx, ip6
};

struct SpfRecord {
    std::vector<SpfDirective> directives;
    std::optional<std::string> redirect;
};

inline constexpr std::size_t kSpfBytesMax = 4096;  // of a record; longer is an error
inline constexpr std::size_t kSpfTermsMax = 256;

// Whether a TXT record is one of SPF (section 4.5).
[[nodiscard]] bool is_spf(std::string_view text) noexcept;
// Requires: is_spf(). Errors: Malformed, OutOfRange: a permanent error (section 4.6).
[[nodiscard]] Result<SpfRecord> parse_spf(std::string_view text);

// Of one letter's macro: "ir.-" of "%{ir.-}".
struct SpfMacro {
    char letter = 0;
    unsigned parts = 0;  // 0: all
    bool is_reversed = false;
    std::string delimiters;   // empty: "."
    bool is_escaped = false;  // written in upper case
};
// Reads the macro that stands after "%{", and moves `text` behind its "}". Nothing: malformed.
[[nodiscard]] std::optional<SpfMacro> take_macro(std::string_view& text);

}  // namespace fairlist::importer
