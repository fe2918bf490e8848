// SingleChange: one entry put in or taken out, whatever kind of subject it has.
#pragma once

#include "listing/manager/change_log.h"
#include "listing/manager/manager.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <optional>

namespace fairlist {

// Adds the entry or replaces the one of the same source, code and exemption, whose `since` stays.
// An equal one is left as it is.
void put_entry(store::WriteTxn& txn, const Subject& subject, const Verdict& verdict, Time now,
               Time until, ChangeLog& log);

struct EntryPattern {
    ListId list{};
    std::optional<SourceId> source;  // not set: of all sources
    bool exempt = false;
    std::optional<Time> ended_at;  // only those that ended at this time or before
};

// Takes out the entries of exactly this subject that the pattern means. Returns how many.
std::uint64_t take_entries(store::WriteTxn& txn, const Subject& subject,
                           const EntryPattern& pattern, ChangeLog& log);

}  // namespace fairlist
