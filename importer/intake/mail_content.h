// Mail content: what makes a mail itself, however it came to us.
#pragma once

#include "listing/manager/vault.h"
#include "listing/store/keyed_hash.h"

#include <string>
#include <string_view>

namespace fairlist::importer {

// The same mail counts once for a trap, whether our server tries again (its bytes are the same) or
// it comes by a second way. So the following is no content: an mbox "From " line and the headers of
// the delivery at the front (DeliveryHead), whether lines end in CRLF or LF, and empty lines at the
// end. All else is, above all the Received lines: who sends the same text twice has sent two mails.
[[nodiscard]] store::Hash32 content_of(const Vault& vault, std::string_view mail);

// The same as text: for tests, and to show.
[[nodiscard]] std::string canonical_content(std::string_view mail);

}  // namespace fairlist::importer
