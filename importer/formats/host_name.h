// HostName: a domain name as lists of names give it, with the check that it can be one.
#pragma once

#include "listing/base/result.h"
#include "listing/model/subject.h"

#include <string_view>

namespace fairlist::importer {

// As parse_name_subject(), but no address, and only letters, digits, hyphens and underscores in the
// labels: what else stands in such a list is a slip (a URL, an address with a port), not a name.
[[nodiscard]] Result<NameSubject> parse_host_name(std::string_view text);

}  // namespace fairlist::importer
