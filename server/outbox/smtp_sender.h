// SmtpSender: letters to one mail server, by libcurl.
#pragma once

#include "listing/base/result.h"
#include "server/outbox/outbox.h"

#include <memory>

namespace fairlist::outbox {

// Every letter over a connection of its own, with the account's times. Errors: NotFound and Io (the
// password file).
[[nodiscard]] Result<std::unique_ptr<MailSender>> open_smtp(const MailAccount& account);

}  // namespace fairlist::outbox
