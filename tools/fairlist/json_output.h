// JSON output: the shapes that --json prints, all of them, as fairlist(1) documents them.
#pragma once

#include "importer/feed_runner.h"
#include "importer/mail/mail_judgement.h"
#include "listing/manager/manager.h"
#include "server/config/config.h"
#include "server/shown/explanation.h"
#include "server/shown/feed_view.h"
#include "tools/fairlist/import_result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

// What became of one subject that a verb was given.
struct SubjectOutcome {
    std::string subject;  // as parsed; as typed when it did not parse
    std::string where;    // "stdin:3"; empty: an argument
    std::string change;   // "added", "changed", "unchanged", "removed"; empty: failed
    std::uint64_t entries = 0;
    std::optional<Error> error;
    std::string word{};  // for people, instead of `change`; empty: the same
    std::string note{};  // empty: none
};

struct MadeDigest {
    std::string value;      // as given
    std::string canonical;  // what was hashed; of a file its path
    std::string digest;     // "HASH._email"
    std::vector<std::string> names;
};

// A message's place in its mbox, and what it would have listed.
struct NumberedJudgement {
    std::uint64_t number = 1;
    importer::MailJudgement judgement;
};

struct StatusReport {
    std::string store;
    StoreStatus status;
    std::uint64_t lists = 0;
    std::uint64_t zones = 0;
    std::vector<FeedState> feeds;
};

// A part of the journal, in whole commits.
struct JournalPage {
    std::vector<JournalItem> items;
    std::uint64_t head = 0;   // the newest commit
    std::uint64_t older = 0;  // kept commits before those of `items`
    std::uint64_t newer = 0;  // commits behind them
};

// What a sweep did.
struct SweepTotals {
    std::uint64_t deleted = 0;  // entries
    std::uint64_t expired = 0;  // listings
    std::uint64_t lapsed = 0;   // notices
    std::uint64_t hits = 0;     // forgotten
};

// A part of the audit log.
struct AuditPage {
    std::vector<store::AuditRecord> records;
    std::uint64_t head = 0;  // the newest record
};

// Each is one document and a line feed. Members keep their order.
[[nodiscard]] std::string error_json(const Error& error, const std::vector<config::Fault>& faults);
// Of a command line that is wrong: the code is "usage".
[[nodiscard]] std::string usage_error_json(const Error& error);
[[nodiscard]] std::string check_json(const config::Loaded& loaded);
[[nodiscard]] std::string init_json(const std::string& store,
                                    const std::vector<std::string>& new_lists);
[[nodiscard]] std::string version_json(const std::string& version);
[[nodiscard]] std::string outcomes_json(const std::string& list,
                                        const std::vector<SubjectOutcome>& outcomes);
// `words`: of each, in plain words, a line each.
[[nodiscard]] std::string lookups_json(const std::vector<SubjectExplanation>& explanations,
                                       const std::vector<std::vector<std::string>>& words);
[[nodiscard]] std::string entries_json(const EntryPage& page, const config::Config& config);
[[nodiscard]] std::string lists_json(const std::vector<ListStatus>& lists,
                                     const config::Config& config);
[[nodiscard]] std::string zones_json(const std::vector<ZoneSpec>& zones);
[[nodiscard]] std::string journal_json(const JournalPage& page);
[[nodiscard]] std::string doctor_json(const DoctorReport& report);
[[nodiscard]] std::string audit_json(const AuditPage& page);
[[nodiscard]] std::string audit_verdict_json(const AuditVerdict& verdict);
[[nodiscard]] std::string checkpoint_json(const AuditCheckpoint& checkpoint);
[[nodiscard]] std::string audit_key_json(const std::string& file, const std::string& key);
[[nodiscard]] std::string forget_json(const std::string& source, const importer::Holdings& gone);
[[nodiscard]] std::string sweep_json(const SweepTotals& totals);
[[nodiscard]] std::string status_json(const StatusReport& report);
[[nodiscard]] std::string imports_json(const std::vector<ImportResult>& results);
[[nodiscard]] std::string feeds_json(const std::vector<FeedView>& feeds);
[[nodiscard]] std::string judgements_json(const std::vector<NumberedJudgement>& judgements);
[[nodiscard]] std::string digests_json(const std::vector<MadeDigest>& digests);

}  // namespace fairlist::cli
