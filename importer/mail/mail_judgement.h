// Mail judgement: what one mail would have listed, and why.
#pragma once

#include "importer/mail/fault_walk.h"
#include "importer/mail/links.h"
#include "importer/mail/mail_child.h"
#include "importer/mail/prescan.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct MailRules {
    FaultRules fault;
    std::vector<DomainName> do_not_list_domains;
};

struct MailJudgement {
    FaultFinding fault;
    std::vector<std::string> cuts;    // what the prescan took away, in words
    std::optional<Error> unreadable;  // why the parts and links are not known
    MailRecord record;
    std::vector<LinkFinding> links;
};

// The server at fault follows from the trace alone, so that a mail that cannot be read has one all
// the same. Errors: Io (no reader can be started).
[[nodiscard]] Result<MailJudgement> judge_mail(std::string_view mail,
                                               const std::optional<Address>& envelope_peer,
                                               const MailRules& rules,
                                               const PublicSuffixes& suffixes, MailChild& child);

// The messages of an mbox (RFC 4155); a text that begins with no "From " line is one message.
[[nodiscard]] std::vector<std::string_view> split_mbox(std::string_view text);

}  // namespace fairlist::importer
