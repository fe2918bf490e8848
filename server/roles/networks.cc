#include "server/roles/networks.h"

#include "importer/networks/open_networks.h"
#include "server/roles/ledger_options.h"

#include <cstdint>
#include <utility>

namespace fairlist {

Result<std::shared_ptr<const importer::NetworkTable>> open_networks(const config::Config& config) {
    if (config.trap.networks.empty()) {
        return std::shared_ptr<const importer::NetworkTable>();
    }
    auto table = importer::open_networks(config.trap.networks);
    if (!table) {
        return fail_in("trap.networks", table.error());
    }
    return std::shared_ptr<const importer::NetworkTable>(std::move(*table));
}

Result<LedgerOptions> ledger_options_with_networks(const config::Config& config) {
    auto table = open_networks(config);
    if (!table) {
        return std::unexpected(table.error());
    }
    LedgerOptions options = ledger_options(config);
    if (*table != nullptr) {
        options.asn_of = [networks = std::move(*table)](const Address& address) {
            const auto network = networks->find(address);
            return network ? network->asn : std::uint32_t{0};
        };
    }
    return options;
}

}  // namespace fairlist
