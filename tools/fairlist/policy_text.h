// Policy text: what became of a policy, for people.
#pragma once

#include "importer/policy/policy_document.h"
#include "listing/base/result.h"
#include "listing/manager/policy_book.h"
#include "tools/fairlist/document_fetch.h"
#include "tools/fairlist/policy_json.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// "1 prefix", "2,000 prefixes".
[[nodiscard]] std::string prefixes_text(std::uint64_t number);
[[nodiscard]] std::string diff_text(const PolicyDiff& diff);
// `dry_run`: what would become of it.
[[nodiscard]] std::string outcome_text(const PolicyOutcome& outcome, bool dry_run);
[[nodiscard]] std::string versions_text(const std::vector<PolicyVersion>& versions);

// The faults, one a line, to standard error, and how many are not shown.
void print_faults(const importer::PolicyReading& reading, std::string_view file);

// A document that has no fault. Else the error says how many, and they are printed unless `quiet`;
// `faults` gets them. Errors: those of fetch_document(); Malformed.
[[nodiscard]] Result<MailPolicy> good_policy(const Document& document, bool quiet,
                                             std::vector<importer::PolicyFault>& faults);

}  // namespace fairlist::cli
