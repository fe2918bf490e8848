#include "tools/fairlist/import_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

using importer::ImportOutcome;
using importer::ImportReport;

ImportReport report_of(ImportOutcome outcome, std::uint64_t rejected, std::uint64_t refused) {
    ImportReport report;
    report.outcome = outcome;
    report.rejected = rejected;
    report.refused = refused;
    return report;
}

struct StatusCase {
    std::string name;
    std::vector<ImportResult> results;
    ExitStatus status;
};

class ImportStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(ImportStatus, IsThatOfAllTogether) {
    EXPECT_EQ(status_of(GetParam().results), GetParam().status);
}

const ImportResult kGood{"a", "sbl", report_of(ImportOutcome::Applied, 0, 0)};
const ImportResult kSame{"a", "sbl", report_of(ImportOutcome::Unchanged, 0, 0)};
const ImportResult kRejected{"a", "sbl", report_of(ImportOutcome::Applied, 1, 0)};
const ImportResult kRefused{"a", "sbl", report_of(ImportOutcome::Applied, 0, 1)};
const ImportResult kHeld{"a", "sbl", report_of(ImportOutcome::Held, 0, 0)};
const ImportResult kFailed{"a", "sbl", fail(Errc::Io, "no")};

INSTANTIATE_TEST_SUITE_P(
    ImportResult, ImportStatus,
    testing::Values(StatusCase{"none", {}, ExitStatus::Done},
                    StatusCase{"all_good", {kGood, kSame}, ExitStatus::Done},
                    StatusCase{"rejected_lines", {kRejected}, ExitStatus::Partly},
                    StatusCase{"refused_subjects", {kRefused, kGood}, ExitStatus::Partly},
                    StatusCase{"held", {kHeld}, ExitStatus::Failed},
                    StatusCase{"failed", {kFailed, kHeld}, ExitStatus::Failed},
                    StatusCase{"one_of_two_failed", {kFailed, kGood}, ExitStatus::Partly},
                    StatusCase{"failed_and_rejected", {kFailed, kRejected}, ExitStatus::Partly}),
    [](const auto& param) { return param.param.name; });

TEST(ImportText, ShowsTheFirstRejectedLinesAndCountsTheRest) {
    ImportReport report = report_of(ImportOutcome::Applied, 1234, 0);
    report.format = "cidr";
    report.lines = 5000;
    report.records = 3766;
    report.plan = {3000, 0, 7, 759, 766, 3759};
    for (std::uint64_t line = 1; line <= importer::kRejectionsKept; ++line) {
        report.rejections.push_back({"f", line, "x\x1b", "no address"});
    }
    const std::string text = import_text({"drop", "sbl", report}, "");
    EXPECT_THAT(text, testing::StartsWith(
                          "drop into sbl: applied\n"
                          "  5,000 lines, 3,766 entries read as cidr\n"
                          "  3,000 added, 0 changed, 7 removed, 759 unchanged; 766 entries before, "
                          "3,759 after\n"
                          "rejected lines: 1,234\n"
                          "  f:1: no address: \"x\\x1b\"\n"));
    EXPECT_THAT(text, testing::EndsWith("  f:10: no address: \"x\\x1b\"\n  ... and 1,224 more\n"));
}

TEST(ImportText, SaysWhatToDoAboutAHeldVersion) {
    ImportReport report = report_of(ImportOutcome::Held, 0, 0);
    report.held_why = "it is empty";
    EXPECT_THAT(import_text({"drop", "sbl", report}, "do this"),
                testing::EndsWith("held: it is empty; do this\n"));
    report.outcome = ImportOutcome::Planned;
    EXPECT_THAT(import_text({"drop", "sbl", report}, "do this"),
                testing::EndsWith("would be held: it is empty; do this\n"));
}

TEST(ImportText, NothingNewIsOneLine) {
    EXPECT_EQ(import_text(kSame, ""), "a into sbl: unchanged\n");
}

}  // namespace
}  // namespace fairlist::cli
