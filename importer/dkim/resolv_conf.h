// ResolvConf: the resolvers that the machine itself asks.
#pragma once

#include "importer/dkim/dns_exchange.h"
#include "listing/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace fairlist::importer {

// As a resolv.conf(5) names them, the first `servers_max`.
// Errors: NotFound (no file, or no resolver in it).
[[nodiscard]] Result<std::vector<DnsServer>> read_resolv_conf(const std::string& path,
                                                              std::size_t servers_max);

}  // namespace fairlist::importer
