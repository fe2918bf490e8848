// SpfMacro: what the macros in a term of an SPF record stand for (RFC 7208 section 7).
#pragma once

#include "importer/checks/spf_record.h"
#include "listing/base/result.h"
#include "listing/model/address.h"

#include <functional>
#include <string>
#include <string_view>

namespace fairlist::importer {

inline constexpr std::size_t kSpfNameBytesMax = 253;  // RFC 7208 section 7.3

// What a letter stands for: a domain name in its presentation form.
using SpfMacroValue = std::function<std::string(char letter)>;

// The name that a domain-spec makes, without a final dot. One that is too long loses labels from
// the left. Requires: parse_spf() has taken the text. Errors: Malformed (letters of "exp" only).
[[nodiscard]] Result<std::string> expand_spf(std::string_view text, const SpfMacroValue& value_of);

// As DnsLookup takes it: a backslash is a character of the name.
[[nodiscard]] std::string as_name(std::string_view raw);
// "192.0.2.3"; of IPv6 its 32 nibbles with dots.
[[nodiscard]] std::string dotted(const Address& address);

}  // namespace fairlist::importer
