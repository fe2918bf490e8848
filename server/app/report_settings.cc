#include "server/app/report_settings.h"

#include "server/app/mail_account.h"

#include <string>

namespace fairlist::app {

ReportWorkerOptions report_options(const config::Config& config) {
    ReportWorkerOptions options;
    const std::string& contact =
        config.site.contact.empty() ? config.mail.from : config.site.contact;
    options.rules = config.reports.rules;
    options.allow_private = config.reports.allow_private;
    options.site = {config.site.name, config.site.url, contact, config.mail.from};
    options.mail = mail_account(config.mail);
    return options;
}

}  // namespace fairlist::app
