#include "listing/manager/doctor.h"

#include "listing/manager/audit_check.h"
#include "listing/manager/holder_check.h"
#include "listing/manager/index_check.h"
#include "listing/manager/ledger_check.h"
#include "listing/manager/policy_store_check.h"
#include "listing/manager/removal_check.h"
#include "listing/manager/standing_check.h"
#include "listing/store/bytes.h"
#include "listing/store/journal.h"
#include "listing/store/records.h"
#include "listing/store/registry.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace fairlist {

using store::Bytes;
using store::Table;

namespace {

class Doctor {
  public:
    explicit Doctor(const store::Txn& txn) : txn_(txn) {}

    DoctorReport run() {
        const IndexTally tally =
            check_index(txn_, [this](std::string what) { note(std::move(what)); });
        report_.nodes = tally.nodes;
        report_.addresses = tally.addresses;
        report_.names = tally.names;
        report_.digests = tally.digests;
        report_.verdicts = tally.verdicts;
        check_counts(tally);
        check_journal();
        const AuditVerdict audit = check_audit(txn_, {}, std::nullopt);
        report_.audit_records = audit.records;
        if (audit.fault) {
            note("audit: " + audit.fault->what);
        }
        const LedgerTally ledger =
            check_ledger(txn_, [this](std::string what) { note(std::move(what)); });
        report_.listings = ledger.listings;
        report_.open_listings = ledger.open;
        report_.hits = ledger.hits;
        const HolderTally holders =
            check_holders(txn_, [this](std::string what) { note(std::move(what)); });
        report_.providers = holders.providers;
        report_.provider_ranges = holders.ranges;
        static_cast<void>(
            check_removals(txn_, [this](std::string what) { note(std::move(what)); }));
        check_standings(txn_, [this](std::string what) { note(std::move(what)); });
        const PolicyTally policies =
            check_policies(txn_, [this](std::string what) { note(std::move(what)); });
        report_.policy_versions = policies.versions;
        report_.granted_exemptions = policies.granted;
        return std::move(report_);
    }

  private:
    void note(std::string what) {
        ++report_.fault_count;
        if (report_.faults.size() < kFaultsMax) {
            report_.faults.push_back(std::move(what));
        }
    }

    void check_counts(const IndexTally& tally) {
        const store::Names names = store::read_names(txn_);
        for (const auto& [list, list_name] : names.lists) {
            for (const auto& [source, source_name] : names.sources) {
                const auto found = tally.counts.find({list, source});
                const store::EntryCounts there =
                    found == tally.counts.end() ? store::EntryCounts{} : found->second;
                const store::EntryCounts counted = store::read_counts(txn_, list, source);
                if (counted.entries != there.entries || counted.exemptions != there.exemptions) {
                    note(
                        fmt::format("counts: list {}, source {}: {} entries and {} exemptions, "
                                    "but there are {} and {}",
                                    list_name, source_name, counted.entries, counted.exemptions,
                                    there.entries, there.exemptions));
                }
            }
        }
    }

    void check_journal() {
        std::uint64_t bytes = 0;
        std::optional<std::uint64_t> before;
        store::Cursor cursor(txn_, Table::Journal);
        for (bool found = cursor.first(); found; found = cursor.next()) {
            bytes += cursor.value().size();
            ++report_.commits;
            const std::uint64_t number = store::key_number(cursor.key()).value_or(0);
            if (before && number != *before + 1) {
                note(fmt::format("journal: after {} comes {}", *before, number));
            }
            before = number;
            if (!store::read_journal(txn_, number)) {
                note(fmt::format("journal: commit {} is malformed", number));
            }
        }
        const std::uint64_t head = store::journal_head(txn_);
        if (before && *before != head) {
            note(fmt::format("journal: ends with {}, its head says {}", *before, head));
        }
        store::ByteReader said(txn_.get(Table::Meta, "journal_bytes").value_or(Bytes{}));
        if (const std::uint64_t size = said.u64(); said.ok() && size != bytes) {
            note(fmt::format("journal: {} bytes, its record says {}", bytes, size));
        }
    }

    const store::Txn& txn_;
    DoctorReport report_;
};

}  // namespace

DoctorReport examine(const store::Txn& txn) {
    return Doctor(txn).run();
}

}  // namespace fairlist
