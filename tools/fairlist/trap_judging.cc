#include "tools/fairlist/trap_judging.h"

#include "importer/intake/mail_worker.h"
#include "importer/mail/public_suffixes.h"
#include "server/roles/dkim_keys.h"
#include "server/roles/mail_rules.h"

#include <algorithm>
#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace fairlist::cli {

namespace {

using namespace importer;

// Each has a reading process, and one that waits for a resolver holds nobody else up.
constexpr unsigned kJudges = 2;
constexpr std::uint64_t kBatchMails = 200;

// Lifetime: rules and suffixes must outlive them.
Result<std::vector<std::unique_ptr<MailJudge>>> make_judges(const config::Config& config,
                                                            const MailRules& rules,
                                                            const PublicSuffixes& suffixes) {
    const auto reader = find_mail_reader();
    if (!reader) {
        return std::unexpected(reader.error());
    }
    std::vector<std::unique_ptr<MailJudge>> judges;
    for (unsigned i = 0; i < kJudges; ++i) {
        auto keys = open_dkim_keys(config);
        if (!keys) {
            return std::unexpected(keys.error());
        }
        judges.push_back(std::make_unique<LocalMailJudge>(
            rules, suffixes, MailChildOptions{.program = *reader}, std::move(*keys)));
    }
    return judges;
}

// Ends: each step takes mails out of the queue or puts them off.
JudgingTotals work(MailWorker& worker, const Vault& vault, const JudgingOptions& options) {
    const std::uint64_t total = std::min(vault.status().queued, options.limit);
    JudgingTotals totals;
    while (!totals.halted && totals.judged + totals.failed < total) {
        const std::uint64_t left = total - totals.judged - totals.failed;
        WorkerStep step = worker.run_once(static_cast<std::size_t>(std::min(left, kBatchMails)));
        totals.judged += step.judged;
        totals.failed += step.failed;
        totals.halted = std::move(step.halted);
        options.progress(totals.judged + totals.failed, total);
        if (step.judged + step.failed == 0) {
            break;
        }
    }
    const MailWorkerCounters& counters = worker.counters();
    totals.hits = counters.hits;
    totals.duplicates = counters.duplicates;
    totals.parked = counters.parked;
    totals.waiting = vault.status().queued;
    return totals;
}

}  // namespace

Result<JudgingTotals> judge_waiting(const config::Config& config, Vault& vault, Ledger& ledger,
                                    const JudgingOptions& options) {
    const auto suffixes = PublicSuffixes::open();
    if (!suffixes) {
        return std::unexpected(suffixes.error());
    }
    const MailRules rules = mail_rules(config);
    auto judges = make_judges(config, rules, *suffixes);
    if (!judges) {
        return std::unexpected(judges.error());
    }
    MailWorkerOptions worker_options;
    worker_options.actor = options.actor;
    worker_options.recorded = options.each;
    LedgerSink sink(ledger);
    MailWorker worker(vault, sink, MailHits(vault, *suffixes, {rules}), std::move(*judges),
                      std::move(worker_options));
    return work(worker, vault, options);
}

}  // namespace fairlist::cli
