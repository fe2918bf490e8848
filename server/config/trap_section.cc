#include "server/config/sections.h"
#include "server/config/words.h"

namespace fairlist::config {

void read_trap(Reader& in, Trap& out) {
    const auto exact_prefix = [](std::string_view text) {
        return parse_prefix(text);
    };
    const auto domain = [](std::string_view text) -> Result<std::string> {
        const auto name = parse_domain(text);
        return name ? Result<std::string>(name->text()) : std::unexpected(name.error());
    };
    in.parsed_list("trusted_relays", "prefix", out.trusted_relays, exact_prefix);
    in.parsed_list("own_hosts", "host name", out.own_hosts, parse_host_name);
    in.parsed_list("known_good", "prefix", out.known_good, exact_prefix);
    in.parsed_list("do_not_list_domains", "domain name", out.do_not_list_domains, domain);
}

}  // namespace fairlist::config
