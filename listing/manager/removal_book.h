// RemovalBook: requests for removal within one write transaction: record, index, queues and audit
// change together.
#pragma once

#include "listing/manager/ledger_txn.h"
#include "listing/store/environment.h"
#include "listing/store/removal_records.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist {

// Lifetime: within one call of Environment::write(). Counts when the LedgerTxn is finished.
class RemovalBook {
  public:
    explicit RemovalBook(LedgerTxn& ledger) : ledger_(ledger) {}

    // With the list's name.
    [[nodiscard]] std::optional<store::RemovalRecord> find(std::uint64_t id);
    // Requires: a number that is not used.
    void add(store::RemovalRecord& record, std::string why);
    // Requires: may_become().
    void move(store::RemovalRecord& record, RemovalState to, std::string why);
    // What changed but the state.
    void save(store::RemovalRecord& record);

  private:
    void put(const store::RemovalRecord& record);
    void note(const store::RemovalRecord& record, const std::string& why);

    LedgerTxn& ledger_;
};

[[nodiscard]] std::optional<store::RemovalRecord> read_removal(const store::Txn& txn,
                                                               std::uint64_t id);
// When it was granted; not set: it was not.
[[nodiscard]] Time granted_at(const Removal& removal) noexcept;

// Of a subject in a list, newest first, at most `limit`.
struct KnownRemoval {
    std::uint64_t id = 0;
    store::RemovalMark mark;
};
[[nodiscard]] std::vector<KnownRemoval> removals_of(const store::Txn& txn, ListId list,
                                                    const Subject& subject, std::size_t limit);
// Grants at or after `from`.
struct EarlierGrants {
    std::uint32_t count = 0;
    Time last;
};
[[nodiscard]] EarlierGrants grants_since(const store::Txn& txn, ListId list, const Subject& subject,
                                         Time from);
// What is due in a queue up to `now`, the earliest first.
[[nodiscard]] std::vector<std::uint64_t> due_removals(const store::Txn& txn,
                                                      store::RemovalQueue queue, Time until,
                                                      std::size_t limit);

}  // namespace fairlist
