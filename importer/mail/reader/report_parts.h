// Report parts: the parts of a mail that an abuse report is made of.
#pragma once

#include "importer/mail/mail_record.h"

#include <gmime/gmime.h>

namespace fairlist::importer {

// Fills in feedback, json and original.
void read_report_parts(GMimeMessage* mail, MailRecord& record);

}  // namespace fairlist::importer
