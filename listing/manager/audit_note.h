// Audit note: what the audit log says of a change.
#pragma once

#include "listing/base/time.h"
#include "listing/manager/change_log.h"
#include "listing/manager/manager.h"
#include "listing/store/environment.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist {

struct AuditNote {
    std::string action;
    std::vector<std::pair<std::string, std::string>> details;
};

// One subject of one list: what its entries (or exemptions) were before and are now. `action` is
// "add", "remove" or "refuse"; the note's is "entry.add", "exemption.remove" and so on.
[[nodiscard]] AuditNote entry_note(std::string_view action, std::string_view list,
                                   const Subject& subject, bool exempt, const ChangeLog& log);
// That somebody reads evidence in full. `listing` 0: hits by their numbers.
[[nodiscard]] AuditNote access_note(std::uint64_t listing, std::span<const std::uint64_t> hits);
// An import or a sweep, by its counts.
[[nodiscard]] AuditNote bulk_note(std::string_view action, const ChangeLog& log);

// In the same transaction as the change.
void note_audit(store::WriteTxn& txn, const Actor& actor, Time now, AuditNote note);
// In one of its own: of what happens beside the store, such as in the vault.
void note_audit(store::Environment& environment, const Actor& actor, Time now,
                const AuditNote& note);

}  // namespace fairlist
