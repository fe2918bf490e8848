#include "server/roles/mail_rules.h"

#include <utility>

namespace fairlist {

importer::MailRules mail_rules(const config::Config& config) {
    importer::MailRules rules;
    rules.fault = {config.trap.trusted_relays, config.trap.own_hosts,
                   ProtectedSpace(config.do_not_list, config.protected_exceptions),
                   config.trap.known_good};
    for (const std::string& name : config.trap.do_not_list_domains) {
        if (auto domain = parse_domain(name)) {
            rules.do_not_list_domains.push_back(std::move(*domain));
        }
    }
    return rules;
}

}  // namespace fairlist
