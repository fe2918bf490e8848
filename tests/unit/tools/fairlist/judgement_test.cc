#include "tools/fairlist/explanation.h"

namespace fairlist::cli {
namespace {

constexpr Time kNow{1000};

// One entry: "24" a prefix length above 192.0.2.1, "!24" an exemption, "24x" an expired entry.
EntryView entry_of(std::string text) {
    EntryView view;
    Verdict& verdict = view.entry.verdict;
    if (text.starts_with('!')) {
        verdict.exempt = true;
        text.erase(0, 1);
    }
    if (text.ends_with('x')) {
        view.entry.until = kNow;
        text.pop_back();
    } else {
        view.entry.until = Time{kNow.seconds + 1};
    }
    view.entry.subject = parse_prefix("192.0.2.1/" + text, true).value();
    return view;
}

// A=answers, E=exempts, o=overridden, x=expired.
std::string letters(const std::vector<Role>& roles) {
    constexpr std::string_view kLetters = "AEox";
    std::string out;
    for (const Role role : roles) {
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

TEST_P(Judge, FollowsTheMatchingRule) {
    std::vector<EntryView> covering;
    std::ranges::transform(GetParam().entries, std::back_inserter(covering), entry_of);
    ListSpec list;
    list.match = GetParam().rule;
    EXPECT_EQ(letters(judge(list, covering, kNow)), GetParam().roles);
}

constexpr MatchRule kNarrowest = MatchRule::MostSpecific;
constexpr MatchRule kAll = MatchRule::All;
constexpr MatchRule kOctet = MatchRule::OctetStep;

// Each row is a sentence of MatchRule (listing/model/list.h).
INSTANTIATE_TEST_SUITE_P(
    Judgement, Judge,
    testing::Values(
        JudgeCase{"nothing", kNarrowest, {}, ""},
        JudgeCase{"narrowest_answers", kNarrowest, {"32", "24", "16"}, "Aoo"},
        JudgeCase{"all_of_the_narrowest_answer", kNarrowest, {"24", "24", "16"}, "AAo"},
        JudgeCase{"exemption_beats_the_same", kNarrowest, {"!24", "24"}, "Eo"},
        JudgeCase{"exemption_beats_the_same_in_any_order", kNarrowest, {"24", "!24"}, "oE"},
        JudgeCase{"exemption_beats_the_wider", kNarrowest, {"!32", "24", "16"}, "Eoo"},
        JudgeCase{"narrower_beats_exemption", kNarrowest, {"32", "!24", "16"}, "Aoo"},
        JudgeCase{"expired_does_not_count", kNarrowest, {"32x", "24"}, "xA"},
        JudgeCase{"expired_exemption_does_not_count", kNarrowest, {"!32x", "24"}, "xA"},
        JudgeCase{"only_expired", kNarrowest, {"32x"}, "x"},
        JudgeCase{"all_answer", kAll, {"32", "24", "16"}, "AAA"},
        JudgeCase{"all_exemption_beats_same_and_wider", kAll, {"32", "!24", "24", "16"}, "AEoo"},
        JudgeCase{"all_narrowest_exemption_counts", kAll, {"!24", "!16", "8"}, "Eoo"},
        JudgeCase{"octet_step_answers_together", kOctet, {"32", "26", "24"}, "AAo"},
        JudgeCase{"octet_step_exemption_silences", kOctet, {"32", "!26", "16"}, "oEo"},
        JudgeCase{"octet_step_wider_exemption_does_not", kOctet, {"32", "!24", "24"}, "Aoo"}),
    [](const auto& param) { return param.param.name; });

TEST(Judgement, OctetStepsAreIpv4Only) {
    std::vector<EntryView> covering(2);
    covering[0].entry.subject = parse_prefix("2001:db8::1/128").value();
    covering[1].entry.subject = parse_prefix("2001:db8::/124").value();
    ListSpec list;
    list.match = kOctet;
    EXPECT_EQ(letters(judge(list, covering, kNow)), "Ao");
}

TEST(Judgement, NamesGoByTheirLabels) {
    std::vector<EntryView> covering(2);
    covering[0].entry.subject = parse_name_subject("a.b.example").value();
    covering[1].entry.subject = parse_name_subject(".example").value();
    ListSpec list;
    list.kind = ListKind::Domain;
    EXPECT_EQ(letters(judge(list, covering, kNow)), "Ao");
    covering[0].entry.verdict.exempt = true;
    EXPECT_EQ(letters(judge(list, covering, kNow)), "Eo");
}

}  // namespace
}  // namespace fairlist::cli
