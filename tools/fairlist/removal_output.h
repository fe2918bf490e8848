// Removal output: requests for removal, for people and as JSON.
#pragma once

#include "listing/manager/removal_desk.h"
#include "listing/model/address.h"

#include <string>
#include <vector>

namespace fairlist::cli {

[[nodiscard]] std::string removals_text(const std::vector<Removal>& removals);
[[nodiscard]] std::string removal_text(const Removal& removal);
[[nodiscard]] std::string removal_json(const Removal& removal);
[[nodiscard]] std::string removal_page_json(const RemovalPage& page);
[[nodiscard]] std::string opened_removals_json(const std::vector<OpenedRemoval>& opened);
[[nodiscard]] std::string attested_json(const std::vector<RemovalDesk::Attested>& attested);
[[nodiscard]] std::string removal_count_json(std::uint64_t changed);
// What the DNS says of a party.
[[nodiscard]] std::string findings_text(const PartyFindings& findings);
[[nodiscard]] std::string findings_json(const Address& address, const PartyFindings& findings);

}  // namespace fairlist::cli
