#include "listing/manager/sweep.h"

#include "listing/manager/audit_note.h"
#include "listing/manager/change_log.h"
#include "listing/manager/entry_query.h"
#include "listing/manager/single_change.h"
#include "listing/model/listing.h"
#include "listing/store/registry.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fairlist {

namespace {

constexpr std::size_t kPageEntries = 5000;

struct Ended {
    Subject subject;
    ListId list{};
    bool exempt = false;
    std::optional<SourceId> source;
};

// The entries of one page that have ended; `after` moves behind it.
void find_ended(store::Environment& environment, const SweepRequest& request, std::string& after,
                std::vector<Ended>& ended) {
    EntryFilter filter;
    filter.include_expired = true;
    const store::ReadTxn txn(environment);
    auto page =
        page_entries(txn, filter, after, std::min(kPageEntries, request.limit), request.now);
    if (!page) {
        throw store::StoreError("store: sweep: " + page.error().message);
    }
    for (EntryView& view : page->entries) {
        const Entry& entry = view.entry;
        // Those of listings end with them, in the ledger.
        const bool is_listing = view.source == kListingSource;
        if (!is_listing && entry.until.is_set() && entry.until <= request.now) {
            // By its source, so that a listing's entry on the same subject stays.
            ended.push_back({entry.subject, entry.verdict.list, entry.verdict.exempt,
                             store::find_source(txn, view.source)});
        }
    }
    // Deleting shifts the entries of the subject that the page ended in: it is looked at from its
    // start again, unless it fills a page by itself.
    const std::string from_start = at_start_of_subject(page->next);
    after = from_start == after ? page->next : from_start;
}

}  // namespace

SweepStep sweep_expired(store::Environment& environment, const SweepRequest& request,
                        const store::JournalLimits& limits) {
    SweepStep step{0, request.after};
    std::vector<Ended> ended;
    do {
        find_ended(environment, request, step.next, ended);
    } while (!step.next.empty() && ended.size() + kPageEntries <= request.limit);
    if (ended.empty()) {
        return step;
    }
    environment.check_readers();
    environment.write([&](store::WriteTxn& txn) {
        ChangeLog log;
        step.deleted = 0;
        for (const Ended& entry : ended) {
            step.deleted += take_entries(
                txn, entry.subject, {entry.list, entry.source, entry.exempt, request.now}, log);
        }
        const Actor actor{.name = "rule:expiry"};
        AuditNote note = bulk_note("entries.sweep", log);
        log.commit(txn, actor, request.now, limits);
        if (step.deleted != 0) {
            note_audit(txn, actor, request.now, std::move(note));
        }
    });
    return step;
}

}  // namespace fairlist
