// ProviderCheck: whether what is said of a provider may stand in the store.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/provider_book.h"
#include "listing/model/provider.h"

#include <string>
#include <string_view>

namespace fairlist {

// "local@domain": RFC 5321 section 4.1.2 without quoted strings and address literals; at most 254
// bytes (section 4.5.3.1.3). The domain in its canonical form. Errors: Malformed.
[[nodiscard]] Result<std::string> parse_mailbox(std::string_view text);

// An https URL with a host, of printable ASCII, without user information. Errors: Malformed.
[[nodiscard]] Result<std::string> parse_https_url(std::string_view text);

// All fields but the dates; canonical in return. Errors: Malformed, OutOfRange; each names the
// field.
[[nodiscard]] Result<Provider> check_provider(Provider provider);

// Why nobody may hold the range; empty: somebody may.
[[nodiscard]] std::string space_refusal(const ProviderBookOptions& options, const Prefix& prefix);

}  // namespace fairlist
