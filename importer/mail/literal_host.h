// Literal host: a URL's host that is an address, in every form that browsers take.
#pragma once

#include "listing/model/address.h"

#include <optional>
#include <string_view>

namespace fairlist::importer {

// "[...]", or a name whose last label is a number (WHATWG URL, "ends in a number"): never a name.
[[nodiscard]] bool looks_like_address(std::string_view host) noexcept;

// "192.0.2.1", "[2001:db8::1]", and the forms of inet_aton: "3221225985", "0xC0.0.513",
// "0300.0.2.1".
[[nodiscard]] std::optional<Address> parse_literal_host(std::string_view host);

}  // namespace fairlist::importer
