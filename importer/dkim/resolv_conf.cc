#include "importer/dkim/resolv_conf.h"

#include <fmt/format.h>
#include <ldns/ldns.h>

#include <algorithm>
#include <array>
#include <memory>

namespace fairlist::importer {

namespace {

struct ResolverFree {
    void operator()(ldns_resolver* resolver) const noexcept { ldns_resolver_deep_free(resolver); }
};

Result<Address> address_of(const ldns_rdf* server) {
    const std::uint8_t* bytes = ldns_rdf_data(server);
    if (ldns_rdf_get_type(server) == LDNS_RDF_TYPE_A && ldns_rdf_size(server) == 4) {
        return Address::from_v4((std::uint32_t{bytes[0]} << 24U) |
                                (std::uint32_t{bytes[1]} << 16U) | (std::uint32_t{bytes[2]} << 8U) |
                                bytes[3]);
    }
    std::array<std::uint8_t, 16> v6{};
    if (ldns_rdf_get_type(server) == LDNS_RDF_TYPE_AAAA && ldns_rdf_size(server) == v6.size()) {
        std::copy_n(bytes, v6.size(), v6.begin());
        return Address::from_bytes(v6);
    }
    return fail(Errc::Malformed, "a resolver that is no address");
}

}  // namespace

Result<std::vector<DnsServer>> read_resolv_conf(const std::string& path, std::size_t servers_max) {
    ldns_resolver* read = nullptr;
    const ldns_status status = ldns_resolver_new_frm_file(&read, path.c_str());
    const std::unique_ptr<ldns_resolver, ResolverFree> resolver(read);
    if (status != LDNS_STATUS_OK || !resolver) {
        return fail(Errc::NotFound, fmt::format("{}: {}", path, ldns_get_errorstr_by_id(status)));
    }
    std::vector<DnsServer> servers;
    ldns_rdf** named = ldns_resolver_nameservers(resolver.get());
    const std::size_t count = std::min(ldns_resolver_nameserver_count(resolver.get()), servers_max);
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto address = address_of(named[i])) {
            servers.push_back({*address});
        }
    }
    if (servers.empty()) {
        return fail(Errc::NotFound, fmt::format("{}: names no resolver", path));
    }
    return servers;
}

}  // namespace fairlist::importer
