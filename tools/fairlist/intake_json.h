// Intake JSON: the shapes of traps, mails, hits and tokens, as fairlist(1) documents them.
#pragma once

#include "importer/intake/mail_delivery.h"
#include "importer/intake/mail_files.h"
#include "listing/base/result.h"
#include "listing/manager/vault.h"
#include "tools/fairlist/hit_import.h"
#include "tools/fairlist/recorded_hit.h"
#include "tools/fairlist/shown_trap.h"
#include "tools/fairlist/trap_judging.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// What became of one trap that a verb was given.
struct TrapOutcome {
    std::string where;   // "argument 2", "stdin:3"; never the address
    std::string change;  // "added", "known", "retired"; empty: failed
    std::uint32_t number = 0;
    std::string domain;
    std::optional<Error> error;
};

struct TrapImport {
    std::uint64_t added = 0;
    std::uint64_t known = 0;
    std::vector<std::string> faults;  // "line 3: ..."
    std::uint64_t more_faults = 0;
};

struct MailFilesResult {
    std::string path;
    Result<importer::MailFilesReport> report;
};

inline constexpr std::size_t kJudgedHitsMax = 10000;
struct Judged {
    JudgingTotals totals;
    EffectCounts effects;
    std::vector<RecordedView> hits;  // new ones, the first kJudgedHitsMax
};

struct VaultReport {
    std::string vault;
    VaultStatus status;
    std::optional<std::vector<QueuedMail>> parked;  // not set: not asked for
};

struct MailOutcome {
    std::uint64_t number = 0;
    std::optional<Error> error;
};

[[nodiscard]] std::string_view role_word(store::TokenRole role) noexcept;

// Each is one document and a line feed.
[[nodiscard]] std::string traps_json(const TrapPage& page);
[[nodiscard]] std::string trap_outcomes_json(const std::vector<TrapOutcome>& outcomes);
[[nodiscard]] std::string trap_import_json(const std::string& file, const TrapImport& import);
[[nodiscard]] std::string delivery_json(const importer::DeliveryResult& result);
[[nodiscard]] std::string mail_files_json(const std::vector<MailFilesResult>& results);
[[nodiscard]] std::string judged_json(const Judged& judged);
[[nodiscard]] std::string vault_json(const VaultReport& report);
[[nodiscard]] std::string mail_outcomes_json(const std::vector<MailOutcome>& outcomes);
[[nodiscard]] std::string hit_import_json(const std::string& sensor, const HitImportTotals& totals);
[[nodiscard]] std::string new_token_json(const NewToken& token, const std::string& text);
[[nodiscard]] std::string tokens_json(const std::vector<Token>& tokens);
[[nodiscard]] std::string revoked_token_json(const std::string& name);

}  // namespace fairlist::cli
