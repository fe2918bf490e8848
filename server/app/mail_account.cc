#include "server/app/mail_account.h"

#include <chrono>

namespace fairlist::app {

outbox::MailAccount mail_account(const config::Mail& mail) {
    outbox::MailAccount account;
    account.server = mail.server;
    account.from = mail.from;
    account.user = mail.user;
    account.password_file = mail.password_file;
    account.needs_tls = mail.needs_tls;
    account.time = std::chrono::seconds(mail.timeout_s);
    return account;
}

}  // namespace fairlist::app
