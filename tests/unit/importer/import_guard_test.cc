#include "importer/import_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace fairlist::importer {
namespace {

struct GuardCase {
    std::string name;
    std::uint64_t before;
    std::uint64_t after;
    GuardSpec guard;
    std::string held_why;  // part of it; empty: passes
};

class ImportGuard : public testing::TestWithParam<GuardCase> {};

TEST_P(ImportGuard, HoldsWhatLeavesItsLimits) {
    ImportPlan plan;
    plan.total_before = GetParam().before;
    plan.total_after = GetParam().after;
    const std::string why = hold_reason(plan, GetParam().guard);
    EXPECT_EQ(why.empty(), GetParam().held_why.empty()) << why;
    EXPECT_THAT(why, testing::HasSubstr(GetParam().held_why));
}

// The defaults of feeds.md: loses more than half, more than triples, or is empty.
INSTANTIATE_TEST_SUITE_P(
    Importer, ImportGuard,
    testing::Values(GuardCase{"same", 100, 100, {}, ""}, GuardCase{"loses_half", 100, 50, {}, ""},
                    GuardCase{"loses_more", 100, 49, {}, "shrinks from 100 to 49"},
                    GuardCase{"triples", 100, 300, {}, ""},
                    GuardCase{"more_than_triples", 100, 301, {}, "grows from 100 to 301"},
                    GuardCase{"empty", 100, 0, {}, "empty"},
                    GuardCase{"empty_at_first", 0, 0, {}, "no entries"},
                    GuardCase{"empty_allowed", 100, 0, {50, 200, true}, "shrinks"},
                    GuardCase{"empty_and_shrink_allowed", 100, 0, {100, 200, true}, ""},
                    GuardCase{"first_of_any_size", 0, 1'000'000, {}, ""},
                    GuardCase{"one_of_three", 3, 1, {}, "shrinks"},
                    GuardCase{"two_of_three", 3, 2, {}, ""},
                    GuardCase{"no_growth_allowed", 100, 101, {50, 0, false}, "grows"},
                    GuardCase{"huge", UINT64_MAX / 2, UINT64_MAX / 2 - 1, {}, ""}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::importer
