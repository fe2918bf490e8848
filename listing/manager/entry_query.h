// EntryQuery: reading entries for people: everything about a subject, or page by page.
#pragma once

#include "listing/manager/manager.h"
#include "listing/store/environment.h"

#include <string>
#include <string_view>
#include <vector>

namespace fairlist {

[[nodiscard]] std::vector<EntryView> lookup_entries(const store::Txn& txn,
                                                    const std::vector<ListSpec>& lists,
                                                    const Subject& subject, Time now);

// Errors: Malformed (`after` is no token of ours), NotFound (an unknown list or source).
[[nodiscard]] Result<EntryPage> page_entries(const store::Txn& txn, const EntryFilter& filter,
                                             std::string_view after, std::size_t limit, Time now);

// The token of a page, moved back to the first entry of the subject that it stands in.
[[nodiscard]] std::string at_start_of_subject(std::string_view token);

}  // namespace fairlist
