// Subject guess: subjects as people write them, where no list says of which kind they are.
#pragma once

#include "listing/base/result.h"
#include "listing/model/subject.h"

#include <string_view>

namespace fairlist {

// Whether the name of a domain list's entry is one that people mean: no address, URL or e-mail
// address, and, unless `whole_tld`, no single label. Subjects of other kinds are good. Errors:
// Malformed, Refused (a single label).
[[nodiscard]] Result<void> check_name(const Subject& subject, bool whole_tld);

// Without a list: an address or prefix, else a digest, else a name.
[[nodiscard]] Result<Subject> guess_subject(std::string_view text);

}  // namespace fairlist
