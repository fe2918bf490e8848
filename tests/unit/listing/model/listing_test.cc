#include "listing/model/listing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist {
namespace {

constexpr int kStates = 6;

// "Life of a listing": a row for each state, a column for what it may become.
struct LifeRow {
    ListingState from;
    // In the order of the numbers: noticed, open, suspended, expired, removed, exempted.
    std::string may;
};

class ListingLife : public testing::TestWithParam<LifeRow> {};

TEST_P(ListingLife, GoesOnAsTheTableSays) {
    std::string may;
    for (int i = 1; i <= kStates; ++i) {
        may += may_become(GetParam().from, static_cast<ListingState>(i)) ? 'y' : '-';
    }
    EXPECT_EQ(may, GetParam().may);
}

const std::vector<LifeRow> kLifeRows = {
    {ListingState::Noticed, "yy-yyy"},   {ListingState::Open, "-yyyyy"},
    {ListingState::Suspended, "-yyyyy"}, {ListingState::Expired, "------"},
    {ListingState::Removed, "------"},   {ListingState::Exempted, "------"},
};
INSTANTIATE_TEST_SUITE_P(Table, ListingLife, testing::ValuesIn(kLifeRows), [](const auto& param) {
    return std::string(to_string(param.param.from));
});

TEST(ListingState, HasEndedWhenNothingMayFollow) {
    for (int i = 1; i <= kStates; ++i) {
        const auto state = static_cast<ListingState>(i);
        bool may = false;
        for (int to = 1; to <= kStates; ++to) {
            may = may || may_become(state, static_cast<ListingState>(to));
        }
        EXPECT_EQ(has_ended(state), !may) << to_string(state);
    }
}

TEST(ListingWords, AreAllDifferent) {
    std::vector<std::string_view> words;
    for (int i = 1; i <= kStates; ++i) {
        words.push_back(to_string(static_cast<ListingState>(i)));
    }
    EXPECT_EQ(words, (std::vector<std::string_view>{"noticed", "open", "suspended", "expired",
                                                    "removed", "exempted"}));
    words.clear();
    for (int i = 1; i <= 9; ++i) {
        words.push_back(to_string(static_cast<ListingAction>(i)));
    }
    EXPECT_EQ(words, (std::vector<std::string_view>{"noticed", "opened", "extended", "suspended",
                                                    "resumed", "expired", "removed", "exempted",
                                                    "lapsed"}));
    EXPECT_EQ(to_string(static_cast<ListingState>(7)), "?");
    EXPECT_EQ(to_string(static_cast<ListingAction>(10)), "?");
}

}  // namespace
}  // namespace fairlist
