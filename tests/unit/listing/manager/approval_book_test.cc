#include "listing/manager/approval_book.h"

#include "listing/manager/manager.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist {
namespace {

using store::ApprovalState;

class ApprovalBookTest : public testing::Test {
  protected:
    Approval ask(const std::string& by = "anna") {
        return book
            .ask({"operator:" + by}, {by, "listing.open", "POST", "/v1/listings", "{}", "a lot"})
            .value();
    }

    test::ScratchStore store;
    Time time{1'700'000'000};
    ApprovalBook book{store.environment(), [this] {
                          return time;
                      }};
};

TEST_F(ApprovalBookTest, GivesBackWhatWasAsked) {
    const Approval asked = ask();
    EXPECT_EQ(asked.id, 1U);
    const auto found = book.find(1);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->record, asked.record);
    EXPECT_EQ(found->record.until, Time{time.seconds + ApprovalBook::kLifetimeSeconds});
    EXPECT_FALSE(book.find(2).has_value());
}

struct Step {
    const char* name;
    const char* person;
    std::uint32_t after_seconds;
    ApprovalState before;
    std::optional<Errc> error;  // of approve()
};

class ApprovalStep : public ApprovalBookTest, public testing::WithParamInterface<Step> {};

TEST_P(ApprovalStep, Approves) {
    const Step& step = GetParam();
    ask();
    if (step.before == ApprovalState::Refused) {
        ASSERT_TRUE(book.refuse({"operator:carol"}, "carol", 1, "no").has_value());
    } else if (step.before != ApprovalState::Waiting) {
        ASSERT_TRUE(book.approve({"operator:carol"}, "carol", 1).has_value());
        if (step.before != ApprovalState::Approved) {
            static_cast<void>(
                book.settle({"operator:carol"}, 1, step.before == ApprovalState::Done, "201"));
        }
    }
    time.seconds += step.after_seconds;
    const auto approved = book.approve({"operator:bob"}, step.person, 1);
    EXPECT_EQ(approved.has_value(), !step.error);
    if (step.error) {
        EXPECT_EQ(approved.error().code, *step.error) << approved.error().message;
    } else {
        EXPECT_EQ(approved->record.state, ApprovalState::Approved);
        EXPECT_EQ(approved->record.decided_by, step.person);
    }
}

INSTANTIATE_TEST_SUITE_P(
    , ApprovalStep,
    testing::Values(Step{"BySecond", "bob", 0, ApprovalState::Waiting, std::nullopt},
                    Step{"BySame", "anna", 0, ApprovalState::Waiting, Errc::Refused},
                    Step{"InTheLastSecond", "bob", ApprovalBook::kLifetimeSeconds - 1,
                         ApprovalState::Waiting, std::nullopt},
                    Step{"TooLate", "bob", ApprovalBook::kLifetimeSeconds, ApprovalState::Waiting,
                         Errc::Conflict},
                    Step{"CutOffBeforeItWasDone", "bob", 0, ApprovalState::Approved, std::nullopt},
                    Step{"CutOffBySame", "anna", 0, ApprovalState::Approved, Errc::Refused},
                    Step{"Done", "bob", 0, ApprovalState::Done, Errc::Conflict},
                    Step{"Failed", "bob", 0, ApprovalState::Failed, Errc::Conflict},
                    Step{"Refused", "bob", 0, ApprovalState::Refused, Errc::Conflict}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(ApprovalBookTest, WhoAskedMayTakeItBack) {
    ask();
    const auto refused = book.refuse({"operator:anna"}, "anna", 1, "a slip");
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->record.state, ApprovalState::Refused);
    EXPECT_EQ(refused->record.outcome, "a slip");
}

TEST_F(ApprovalBookTest, PagesNewestFirst) {
    for (int i = 0; i < 5; ++i) {
        ask();
    }
    ASSERT_TRUE(book.refuse({"operator:bob"}, "bob", 4, "").has_value());
    std::vector<std::uint64_t> seen;
    std::string after;
    do {
        const auto page = book.page(true, after, 2).value();
        for (const Approval& approval : page.approvals) {
            seen.push_back(approval.id);
        }
        after = page.next;
    } while (!after.empty());
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{5, 3, 2, 1}));
    EXPECT_EQ(book.page(false, "x", 2).error().code, Errc::Malformed);
}

TEST_F(ApprovalBookTest, RefusesMoreThanCanBeLookedThrough) {
    for (std::size_t i = 0; i < ApprovalBook::kWaitingMax; ++i) {
        ask();
    }
    const NewApproval one_more{"anna", "x", "POST", "/", "", ""};
    EXPECT_EQ(book.ask({"operator:anna"}, one_more).error().code, Errc::OutOfRange);
    time.seconds += ApprovalBook::kLifetimeSeconds;
    EXPECT_TRUE(book.ask({"operator:anna"}, one_more).has_value());
}

TEST_F(ApprovalBookTest, BrokenBytesAreNoRecord) {
    const std::string bytes = store::encode(ask().record);
    EXPECT_TRUE(store::decode_approval(bytes).has_value());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(store::decode_approval(std::string_view(bytes).substr(0, size)).has_value());
    }
    EXPECT_FALSE(store::decode_approval(bytes + "x").has_value());
}

}  // namespace
}  // namespace fairlist
