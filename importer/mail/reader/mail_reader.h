// Mail reader: one mail, read with GMime, as a mail record. Runs in a process of its own.
#pragma once

#include "importer/mail/mail_record.h"

#include <string>

namespace fairlist::importer {

// Before the process gives up the right to open files: what GMime and iconv load.
void prepare_mail_reader();

// Whatever the bytes: a mail without parts at worst. May overflow the stack of this process.
[[nodiscard]] MailRecord read_mail(const std::string& message);

}  // namespace fairlist::importer
