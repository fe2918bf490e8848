#include "tools/fairlist/explanation_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace fairlist::cli {
namespace {

Subject address(std::string_view text) {
    return parse_prefix(text).value();
}

EntryView view_of(std::string reason, std::string_view code) {
    EntryView view;
    view.list = "sbl";
    view.source = "drop";
    view.entry.subject = address("192.0.2.0/24");
    view.entry.verdict.reason = std::move(reason);
    view.entry.verdict.code = parse_code(code).value_or(ReturnCode{});
    view.entry.since = parse_time("2026-11-01").value();
    return view;
}

struct ReasonCase {
    std::string name;
    std::string list_reason;
    std::string entry_reason;
    std::string expanded;
};

class ExplainEntry : public testing::TestWithParam<ReasonCase> {};

TEST_P(ExplainEntry, ExpandsTheReasonThatAnswers) {
    ListSpec list;
    list.name = "sbl";
    list.reason = GetParam().list_reason;
    const auto explained = explain_entry(list, view_of(GetParam().entry_reason, ""),
                                         EntryRole::Answers, address("192.0.2.7"));
    EXPECT_EQ(explained.reason, GetParam().expanded);
    EXPECT_EQ(to_string(explained.code), "127.0.0.2");
}

INSTANTIATE_TEST_SUITE_P(
    Explanation, ExplainEntry,
    testing::Values(ReasonCase{"of_the_list", "{address} is in {subject} of {list}", "",
                               "192.0.2.7 is in 192.0.2.0/24 of sbl"},
                    ReasonCase{"of_the_entry", "list's", "{address} since {since}",
                               "192.0.2.7 since 2026-11-01T00:00:00Z"},
                    ReasonCase{"of_the_entry_inside_the_lists",
                               "see https://bl.example/{id}: {reason}", "SBL123 {code}",
                               "see https://bl.example/sbl/192.0.2.0-24: SBL123 127.0.0.2"},
                    ReasonCase{"none", "", "", ""}),
    [](const auto& param) { return param.param.name; });

TEST(Explanation, TheEntrysCodeComesFirst) {
    const auto explained = explain_entry(ListSpec{}, view_of("", "127.0.0.9"), EntryRole::Answers,
                                         address("192.0.2.7"));
    EXPECT_EQ(to_string(explained.code), "127.0.0.9");
}

struct NoteCase {
    std::string name;
    Subject subject;
    std::string part;  // of the note; empty: there is none
};

class Note : public testing::TestWithParam<NoteCase> {};

TEST_P(Note, SaysWhereAnswersAreNotThoseOfEntries) {
    const std::string note = note_on(GetParam().subject, ProtectedSpace());
    EXPECT_THAT(note, testing::HasSubstr(GetParam().part));
    EXPECT_EQ(note.empty(), GetParam().part.empty());
}

// The test points are those of RFC 5782 section 5.
INSTANTIATE_TEST_SUITE_P(
    Explanation, Note,
    testing::Values(NoteCase{"private", address("10.1.2.3"), "protected space"},
                    NoteCase{"public_address", address("8.8.8.8"), ""},
                    NoteCase{"listed_test_point", address("127.0.0.2"), "as listed"},
                    NoteCase{"other_test_point", address("127.0.0.1"), "as not listed"},
                    NoteCase{"mapped_test_point", address("::ffff:7f00:2"), "as listed"},
                    NoteCase{"listed_name", parse_name_subject("TEST").value(), "as listed"},
                    NoteCase{"other_name", parse_name_subject("invalid").value(), "as not listed"},
                    NoteCase{"name_below", parse_name_subject("test.example").value(), ""}),
    [](const auto& param) { return param.param.name; });

TEST(ExplanationText, SaysInWordsWhatAnswersAndHowToAsk) {
    ListExplanation list;
    list.list = "sbl";
    list.listed = true;
    list.entries = {{view_of("spam\nin two lines", ""), EntryRole::Answers, ReturnCode{0x7F000002},
                     "spam\nin two lines"}};
    list.zones = {{"zen.bl.example", "7.2.0.192.zen.bl.example"}};
    ListExplanation other;
    other.list = "pbl";
    const SubjectExplanation explanation{"192.0.2.7", address("192.0.2.7"), "", {list, other}};
    EXPECT_EQ(explanation_text(explanation),
              "192.0.2.7: listed, in 1 of 2 address lists\n"
              "  sbl: listed\n"
              "    answers: 192.0.2.0/24 as 127.0.0.2, source drop, since 2026-11-01T00:00:00Z, no "
              "end\n"
              "      spam\\x0ain two lines\n"
              "    ask 7.2.0.192.zen.bl.example A and TXT\n"
              "  pbl: not listed\n");
}

TEST(ExplanationText, ASourceCannotSteerATerminal) {
    ListExplanation list;
    list.list = "sbl";
    EntryView view = view_of("", "");
    view.source = "drop\x1b[2J";
    list.entries = {{view, EntryRole::Answers, ReturnCode{0x7F000002}, ""}};
    list.narrower = {view};
    const SubjectExplanation explanation{"192.0.2.7", address("192.0.2.7"), "", {list}};
    const std::string text = explanation_text(explanation);
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("\x1b[2J")));
    EXPECT_THAT(text, testing::HasSubstr("source drop\\x1b[2J, since"));
    EXPECT_THAT(text, testing::HasSubstr("inside: 192.0.2.0/24, source drop\\x1b[2J, since"));
}

TEST(ExplanationText, SaysThatNothingIsListed) {
    const SubjectExplanation none{"192.0.2.7", address("192.0.2.7"), "", {}};
    EXPECT_EQ(explanation_text(none), "192.0.2.7: not listed, in 0 of 0 address lists\n");
}

}  // namespace
}  // namespace fairlist::cli
