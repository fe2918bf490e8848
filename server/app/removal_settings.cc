#include "server/app/removal_settings.h"

#include "server/app/mail_account.h"
#include "server/outbox/smtp_sender.h"

#include <chrono>
#include <utility>

namespace fairlist::app {

RemovalWorkerOptions removal_worker_options(const config::Config& config, RemovalDeskOptions desk) {
    RemovalWorkerOptions options;
    options.desk = std::move(desk);
    options.site = {config.site.name, config.site.url, config.mail.from, config.site.contact};
    importer::PartyCheckOptions checks;
    for (const config::Listener& resolver : config.removals.resolver) {
        if (const auto address = parse_address(resolver.address)) {
            checks.resolvers.push_back({*address, resolver.port});
        }
    }
    checks.query_time = std::chrono::milliseconds(config.removals.query_timeout_ms);
    checks.party_time = std::chrono::milliseconds(config.removals.party_timeout_ms);
    options.open_checks = [checks](std::stop_token stop) {
        importer::PartyCheckOptions mine = checks;
        mine.stop = std::move(stop);
        return importer::PartyChecks::open(std::move(mine));
    };
    if (!config.mail.server.empty()) {
        options.open_mails = [account = mail_account(config.mail)](std::stop_token stop) {
            outbox::MailAccount mine = account;
            mine.stop = std::move(stop);
            return outbox::open_smtp(std::move(mine));
        };
    }
    return options;
}

}  // namespace fairlist::app
