#include "server/shown/explanation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {
namespace {

constexpr Time kNow{1000};

// One entry: "24" a prefix length above 192.0.2.1, "+24" one that answers, "!24" an exemption,
// "24x" an expired entry.
EntryView entry_of(std::string text) {
    EntryView view;
    view.entry.until = text.ends_with('x') ? kNow : Time{kNow.seconds + 1};
    view.answers = text.starts_with('+');
    view.entry.verdict.exempt = text.starts_with('!');
    const std::size_t digits = text.find_first_of("0123456789");
    const std::string length = text.substr(digits, text.find('x') - digits);
    view.entry.subject = parse_prefix("192.0.2.1/" + length, true).value();
    return view;
}

// A=answers, E=exempts, o=overridden, x=expired.
std::string letters(const std::vector<EntryRole>& roles) {
    constexpr std::string_view kLetters = "AEox";
    std::string out;
    for (const EntryRole role : roles) {
        out.push_back(kLetters[static_cast<std::size_t>(role)]);
    }
    return out;
}

struct JudgeCase {
    std::string name;
    MatchRule rule;
    std::vector<std::string> entries;
    std::string roles;
};

class Judge : public testing::TestWithParam<JudgeCase> {};

TEST_P(Judge, SaysWhatEachEntryDoes) {
    std::vector<EntryView> covering;
    std::ranges::transform(GetParam().entries, std::back_inserter(covering), entry_of);
    ListSpec list;
    list.match = GetParam().rule;
    EXPECT_EQ(letters(judge(list, covering, kNow)), GetParam().roles);
}

constexpr MatchRule kNarrowest = MatchRule::MostSpecific;
constexpr MatchRule kAll = MatchRule::All;
constexpr MatchRule kOctet = MatchRule::OctetStep;

// Which entries answer is the index's word; the rest follows from MatchRule (listing/model/list.h).
INSTANTIATE_TEST_SUITE_P(
    Judgement, Judge,
    testing::Values(
        JudgeCase{"nothing", kNarrowest, {}, ""},
        JudgeCase{"wider_stand_behind", kNarrowest, {"+32", "24", "16"}, "Aoo"},
        JudgeCase{"exemption_beats_the_same", kNarrowest, {"!24", "24"}, "Eo"},
        JudgeCase{"exemption_beats_the_wider", kNarrowest, {"!32", "24", "16"}, "Eoo"},
        JudgeCase{"of_two_sources", kNarrowest, {"!32", "!32", "24"}, "EEo"},
        JudgeCase{"narrower_beats_exemption", kNarrowest, {"+32", "!24", "16"}, "Aoo"},
        JudgeCase{"expired_does_not_count", kNarrowest, {"32x", "+24"}, "xA"},
        JudgeCase{"expired_exemption_does_not_count", kNarrowest, {"!32x", "+24"}, "xA"},
        JudgeCase{"only_expired", kNarrowest, {"32x"}, "x"},
        JudgeCase{"all_exemption_beside_an_answer", kAll, {"+32", "!24", "24", "16"}, "AEoo"},
        JudgeCase{"all_narrowest_exemption_counts", kAll, {"!24", "!16", "8"}, "Eoo"},
        JudgeCase{"octet_step_exemption_silences", kOctet, {"32", "!26", "16"}, "oEo"},
        JudgeCase{"octet_step_wider_exemption_does_not", kOctet, {"+32", "!24", "24"}, "Aoo"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
