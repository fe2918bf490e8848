// Mail head: what a mail says of itself in its headers.
#pragma once

#include "importer/mail/mail_record.h"

#include <gmime/gmime.h>

namespace fairlist::importer {

// Fills in subject, from_domain, date and list_mail. Every one of them may be forged.
void read_head(GMimeMessage* mail, MailRecord& record);

}  // namespace fairlist::importer
