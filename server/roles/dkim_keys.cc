#include "server/roles/dkim_keys.h"

#include "importer/dkim/dns_dkim_keys.h"

#include <utility>

namespace fairlist {

Result<std::unique_ptr<importer::DkimKeys>> open_dkim_keys(const config::Config& config) {
    importer::DnsOptions options;
    for (const config::Listener& server : config.trap.resolver) {
        const auto address = parse_address(server.address);
        if (!address) {
            return fail_in("trap.resolver", address.error());
        }
        options.servers.push_back({*address, server.port});
    }
    auto keys = importer::DnsDkimKeys::open(std::move(options));
    if (!keys) {
        return fail_in("trap.resolver", keys.error());
    }
    return std::unique_ptr<importer::DkimKeys>(std::move(*keys));
}

}  // namespace fairlist
