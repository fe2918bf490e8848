// Mail rules: what the configuration says of whom a trap's mail puts at fault, for every program
// that reads one.
#pragma once

#include "importer/mail/mail_judgement.h"
#include "server/config/config.h"

namespace fairlist {

// Requires: a configuration without faults.
[[nodiscard]] importer::MailRules mail_rules(const config::Config& config);

}  // namespace fairlist
