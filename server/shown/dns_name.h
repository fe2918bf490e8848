// DNS names to ask: how a subject is written below a zone.
#pragma once

#include "listing/model/domain.h"
#include "listing/model/subject.h"

#include <optional>
#include <string>

namespace fairlist {

// "1.2.0.192" or 32 nibbles (RFC 5782 sections 2.1 and 2.4).
[[nodiscard]] std::string reversed(const Address& address);

// The name that asks `zone` for the subject: for a prefix that of its first address, for a wildcard
// that of the name above. Empty when it would be longer than a domain name can be.
[[nodiscard]] std::optional<std::string> name_to_ask(const Subject& subject,
                                                     const DomainName& zone);

}  // namespace fairlist
