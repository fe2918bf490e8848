// Policy JSON: the shapes of mail policies that --json prints, as fairlist(1) documents them.
#pragma once

#include "importer/policy/policy_document.h"
#include "listing/base/result.h"
#include "listing/manager/policy_book.h"
#include "tools/fairlist/policy_survey.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::cli {

// What became of one policy that was fetched or imported.
struct PolicyOutcome {
    std::string provider;
    bool is_unchanged = false;                    // the source has nothing new
    std::optional<PolicyImport> import;           // not set: unchanged, or failed
    std::vector<importer::PolicyFault> faults{};  // of the document
    std::optional<Error> error{};
};

struct ProviderConflicts {
    std::string provider;
    std::vector<PolicyConflict> conflicts;
    std::uint64_t hits_looked_at = 0;
    bool is_whole = true;  // else older hits, which were not looked at, may say more
};

// Each is one document and a line feed.
[[nodiscard]] std::string policy_check_json(const std::string& file,
                                            const importer::PolicyReading& reading,
                                            const PolicySurvey& figures);
[[nodiscard]] std::string policy_outcomes_json(const std::vector<PolicyOutcome>& outcomes);
// One alone: with its members at the top.
[[nodiscard]] std::string policy_outcome_json(const PolicyOutcome& outcome);
[[nodiscard]] std::string policy_diff_json(const std::string& provider, const PolicyDiff& diff);
[[nodiscard]] std::string policy_versions_json(const std::string& provider,
                                               const std::vector<PolicyVersion>& versions);
[[nodiscard]] std::string policy_exemptions_json(const std::string& provider,
                                                 const std::vector<PolicyExemption>& exemptions,
                                                 const std::string& next);
[[nodiscard]] std::string policy_exempt_json(const std::string& provider, const std::string& prefix,
                                             const std::string& change);
[[nodiscard]] std::string policy_conflicts_json(const std::vector<ProviderConflicts>& all);
[[nodiscard]] std::string policy_refresh_json(std::uint64_t changed);

}  // namespace fairlist::cli
