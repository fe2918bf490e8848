#include "listing/base/suggestion.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist {
namespace {

struct SuggestionCase {
    std::string name;
    std::string wrong;
    std::string meant;  // empty: no suggestion
};

class Suggestion : public testing::TestWithParam<SuggestionCase> {};

TEST_P(Suggestion, NamesTheNearest) {
    static const std::vector<std::string> kKnown = {"refresh", "retry", "expire", "ttl", "ns_ttl"};
    const SuggestionCase& c = GetParam();
    EXPECT_EQ(did_you_mean(c.wrong, kKnown),
              c.meant.empty() ? "" : " (did you mean \"" + c.meant + "\"?)");
}

const std::vector<SuggestionCase> kSuggestionCases = {
    {"letter_missing", "refesh", "refresh"},
    {"letter_too_many", "rettry", "retry"},
    {"letter_wrong", "expira", "expire"},
    {"two_letters_swapped", "tlt", "ttl"},
    {"capitals", "TTL", "ttl"},
    {"hyphen", "ns-ttl", "ns_ttl"},
    {"two_mistakes_in_seven", "rehfrsh", "refresh"},
    {"two_mistakes_in_three", "xxl", ""},
    {"nothing_near", "colour", ""},
    {"empty", "", ""},
    {"absurdly_long", std::string(65, 'r'), ""},
};

INSTANTIATE_TEST_SUITE_P(Words, Suggestion, testing::ValuesIn(kSuggestionCases),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist
