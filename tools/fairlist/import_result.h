// ImportResult: what an import or a run of a feed came to, for people and for the exit status.
#pragma once

#include "importer/import_report.h"
#include "listing/base/result.h"
#include "tools/fairlist/exit_status.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {

// Of the rejected lines and refused subjects that a report holds, as many are printed.
inline constexpr std::size_t kRejectionsShown = 10;

struct ImportResult {
    std::string source;
    std::string list;
    Result<importer::ImportReport> report;
};

// "unchanged", "applied", "held", "planned", "failed".
[[nodiscard]] std::string_view outcome_word(const ImportResult& result) noexcept;

// Held counts as failed, rejected lines and refused subjects as partly done.
[[nodiscard]] ExitStatus status_of(const ImportResult& result) noexcept;
[[nodiscard]] ExitStatus status_of(const std::vector<ImportResult>& results) noexcept;

// What changed, or would: a line of counts, rejected lines, refused subjects. `held_remedy` is the
// step that puts a held version in force.
[[nodiscard]] std::string import_text(const ImportResult& result, std::string_view held_remedy);

}  // namespace fairlist::cli
