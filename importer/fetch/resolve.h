// Resolution of a host name to the first address that may be connected to.
#pragma once

#include "importer/fetch/address_guard.h"
#include "listing/base/result.h"

#include <string>

namespace fairlist::importer {

// As text, IPv6 without brackets. Errors: NotFound (no address), Refused (none that is allowed).
[[nodiscard]] Result<std::string> resolve_allowed(const std::string& host,
                                                  const AddressGuard& guard);

}  // namespace fairlist::importer
