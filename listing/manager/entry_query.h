// EntryQuery: reading entries for people: everything about a subject, or page by page.
#pragma once

#include "listing/manager/manager.h"
#include "listing/store/environment.h"

#include <string_view>
#include <vector>

namespace fairlist {

[[nodiscard]] std::vector<EntryView> lookup_entries(const store::Txn& txn,
                                                    const std::vector<ListSpec>& lists,
                                                    const Subject& subject, Time now);

// Errors: Malformed (`after` is no token of ours), NotFound (an unknown list or source).
[[nodiscard]] Result<EntryPage> page_entries(const store::Txn& txn, const EntryFilter& filter,
                                             std::string_view after, std::size_t limit, Time now);

}  // namespace fairlist
