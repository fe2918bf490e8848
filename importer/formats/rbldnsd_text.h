// RbldnsdText: the values of rbldnsd's entries ("127.0.0.2" and a text with "$"), as code and
// reason template.
#pragma once

#include "listing/base/result.h"
#include "listing/model/code.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::importer {

// rbldnsd answers with one TXT string (RFC 1035 section 3.3: at most 255 octets).
inline constexpr std::size_t kRbldnsdTextBytesMax = 255;

// The value behind an entry, or of a default line. Lifetime: `text` points into the line.
struct RbldnsdValue {
    bool has_code = false;
    ReturnCode code;
    bool has_text = false;  // ":6:" has one, that is empty; ":6" has none
    std::string_view text;
};

// ":A:TXT", ":A" or "TXT". `foreign_codes` as parse_code.
[[nodiscard]] Result<RbldnsdValue> parse_rbldnsd_value(std::string_view text, bool foreign_codes);

// What "$" refers to in a data set.
struct RbldnsdVariables {
    std::array<std::optional<std::string>, 10> numbered;  // $0 to $9
    std::optional<std::string> base;                      // $=
};

// The reason template of an entry with this text (empty: none): `$` becomes `placeholder`. Empty
// when the entry has no TXT record. Sets the bit n of `unresolved` for a $n that has no value.
[[nodiscard]] std::string rbldnsd_reason(std::string_view text, const RbldnsdVariables& variables,
                                         std::string_view placeholder, unsigned& unresolved);

}  // namespace fairlist::importer
