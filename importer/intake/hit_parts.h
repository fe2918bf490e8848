// Hit parts: what of a mail or report may stand in a hit.
#pragma once

#include "importer/intake/secret_words.h"
#include "importer/mail/links.h"
#include "importer/mail/mail_judgement.h"
#include "importer/mail/public_suffixes.h"
#include "listing/model/domain.h"
#include "listing/model/subject.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

[[nodiscard]] LinkRules link_rules(const MailRules& rules);

// As printable ASCII; empty when it names a secret.
[[nodiscard]] std::string harmless(std::string_view text, const SecretWords& secrets);

// Of a recipient's own domain, which the trace of a mail does not always tell, or of one that names
// a secret, is only said that there was such a link.
[[nodiscard]] std::vector<LinkFinding> shown_links(std::span<const LinkFinding> links,
                                                   const SecretWords& secrets,
                                                   std::span<const std::string> recipient_domains,
                                                   const PublicSuffixes& suffixes);

// Those that may be listed, at most kHitLinksMax.
[[nodiscard]] std::vector<Subject> subjects_of(std::span<const LinkFinding> links);

// The domain of a finding that may be listed and names no secret.
[[nodiscard]] std::optional<DomainName> domain_of(const LinkFinding& finding,
                                                  const SecretWords& secrets);

}  // namespace fairlist::importer
