// SmtpSender: letters to one mail server, by libcurl.
#pragma once

#include "server/outbox/outbox.h"

#include <memory>

namespace fairlist::outbox {

// Every letter over a connection of its own, within the account's time; its password is read each
// time. A letter whose password file cannot be read fails with NotFound.
[[nodiscard]] std::unique_ptr<MailSender> open_smtp(MailAccount account);

}  // namespace fairlist::outbox
