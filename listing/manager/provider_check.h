// ProviderCheck: whether what is said of a provider may stand in the store.
#pragma once

#include "listing/base/result.h"
#include "listing/manager/provider_book.h"
#include "listing/model/contact.h"
#include "listing/model/provider.h"

#include <string>
#include <string_view>

namespace fairlist {

// All fields but the dates; canonical in return. Errors: Malformed, OutOfRange; each names the
// field.
[[nodiscard]] Result<Provider> check_provider(Provider provider);

// Why nobody may hold the range; empty: somebody may.
[[nodiscard]] std::string space_refusal(const ProviderBookOptions& options, const Prefix& prefix);

}  // namespace fairlist
