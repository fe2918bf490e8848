// Mail account: what the configuration says to those who mail.
#pragma once

#include "server/config/config.h"
#include "server/outbox/outbox.h"

namespace fairlist::app {

[[nodiscard]] outbox::MailAccount mail_account(const config::Mail& mail);

}  // namespace fairlist::app
