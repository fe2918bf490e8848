#include "tools/fairlist/subject_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::cli {
namespace {

std::vector<std::string> expanded(ListKind kind, std::string_view text) {
    std::vector<std::string> out;
    for (const Subject& subject : expand_subject(kind, text).value_or(std::vector<Subject>{})) {
        out.push_back(to_string(subject));
    }
    return out;
}

struct ExpandCase {
    std::string name;
    ListKind kind;
    std::string text;
    std::vector<std::string> subjects;  // empty: refused
};

struct NameCase {
    std::string name;
    std::string text;
    bool whole_tld;
    bool good;
};

class CheckName : public testing::TestWithParam<NameCase> {};

TEST_P(CheckName, TakesNamesThatPeopleMean) {
    const Subject subject = parse_name_subject(GetParam().text).value();
    EXPECT_EQ(check_name(subject, GetParam().whole_tld).has_value(), GetParam().good);
}

INSTANTIATE_TEST_SUITE_P(SubjectInput, CheckName,
                         testing::Values(NameCase{"name", "bad.example", false, true},
                                         NameCase{"idn", "b\u00FCcher.example", false, true},
                                         NameCase{"service", "_dmarc.bad.example", false, true},
                                         NameCase{"below", "*.bad.example", false, true},
                                         NameCase{"digits", "163.example", false, true},
                                         NameCase{"address", "192.0.2.1", true, false},
                                         NameCase{"prefix", "192.0.2.0/24", true, false},
                                         NameCase{"prefix_with_host_bits", "192.0.2.1/24", true,
                                                  false},
                                         NameCase{"address_below", "*.192.0.2.1", true, false},
                                         NameCase{"url", "https://bad.example/", true, false},
                                         NameCase{"email", "a@bad.example", true, false},
                                         NameCase{"inner_wildcard", "*.*.example", true, false},
                                         NameCase{"tld", ".example", false, false},
                                         NameCase{"tld_meant", ".example", true, true}),
                         [](const auto& param) { return param.param.name; });

class ExpandSubject : public testing::TestWithParam<ExpandCase> {};

TEST_P(ExpandSubject, GivesSubjectsOfTheListsKind) {
    EXPECT_EQ(expanded(GetParam().kind, GetParam().text), GetParam().subjects);
}

INSTANTIATE_TEST_SUITE_P(
    SubjectInput, ExpandSubject,
    testing::Values(
        ExpandCase{"address", ListKind::Address, "192.0.2.1", {"192.0.2.1"}},
        ExpandCase{"prefix", ListKind::Address, "192.0.2.0/24", {"192.0.2.0/24"}},
        ExpandCase{"host_bits", ListKind::Address, "192.0.2.1/24", {}},
        // 1, 2-3, 4-7, 8-15, 16-31, 32-63, 64-71, 72-75, 76-77.
        ExpandCase{"range",
                   ListKind::Address,
                   "192.0.2.1-192.0.2.77",
                   {"192.0.2.1", "192.0.2.2/31", "192.0.2.4/30", "192.0.2.8/29", "192.0.2.16/28",
                    "192.0.2.32/27", "192.0.2.64/29", "192.0.2.72/30", "192.0.2.76/31"}},
        ExpandCase{
            "range_with_spaces", ListKind::Address, "192.0.2.0 - 192.0.2.255", {"192.0.2.0/24"}},
        ExpandCase{"range_of_one", ListKind::Address, "192.0.2.9-192.0.2.9", {"192.0.2.9"}},
        ExpandCase{
            "range_ipv6", ListKind::Address, "2001:db8::-2001:db8::ffff", {"2001:db8::/112"}},
        ExpandCase{"range_backwards", ListKind::Address, "192.0.2.9-192.0.2.1", {}},
        ExpandCase{"range_of_two_families", ListKind::Address, "192.0.2.9-2001:db8::", {}},
        ExpandCase{"range_without_end", ListKind::Address, "192.0.2.9-", {}},
        ExpandCase{"name_with_dash", ListKind::Domain, "a-b.example", {"a-b.example"}},
        ExpandCase{"wildcard", ListKind::Domain, "*.Example", {"*.example"}},
        ExpandCase{"name_in_address_list", ListKind::Address, "a.example", {}},
        ExpandCase{"address_in_hash_list", ListKind::Hash, "192.0.2.1", {}}),
    [](const auto& param) { return param.param.name; });

struct GuessCase {
    std::string name;
    std::string text;
    std::string subject;  // empty: refused
    ListKind kind;
};

class GuessSubject : public testing::TestWithParam<GuessCase> {};

TEST_P(GuessSubject, ByItsForm) {
    const auto subject = guess_subject(GetParam().text);
    if (GetParam().subject.empty()) {
        EXPECT_FALSE(subject.has_value());
        return;
    }
    ASSERT_TRUE(subject.has_value()) << subject.error().message;
    EXPECT_EQ(to_string(*subject), GetParam().subject);
    EXPECT_EQ(kind_of(*subject), GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    SubjectInput, GuessSubject,
    testing::Values(GuessCase{"ipv4", "192.0.2.1", "192.0.2.1", ListKind::Address},
                    GuessCase{"ipv6", "2001:DB8::1", "2001:db8::1", ListKind::Address},
                    GuessCase{"mapped", "::ffff:192.0.2.1", "192.0.2.1", ListKind::Address},
                    GuessCase{"prefix", "192.0.2.0/25", "192.0.2.0/25", ListKind::Address},
                    GuessCase{"name", "Bad.Example", "bad.example", ListKind::Domain},
                    GuessCase{"digest", "A9993E364706816ABA3E25717850C26C9CD0D89D",
                              "a9993e364706816aba3e25717850c26c9cd0d89d", ListKind::Hash},
                    GuessCase{"digest_with_class",
                              "a9993e364706816aba3e25717850c26c9cd0d89d._email",
                              "a9993e364706816aba3e25717850c26c9cd0d89d._email", ListKind::Hash},
                    GuessCase{"octet_too_large", "192.0.2.300", "", ListKind::Address},
                    GuessCase{"three_octets", "192.0.2", "", ListKind::Address},
                    GuessCase{"bad_length", "192.0.2.0/33", "", ListKind::Address},
                    GuessCase{"bad_ipv6", "2001:db8::1::2", "", ListKind::Address},
                    GuessCase{"url", "https://bad.example/", "", ListKind::Domain},
                    GuessCase{"empty", "", "", ListKind::Domain}),
    [](const auto& param) { return param.param.name; });

TEST(GatherSubjects, TakesLinesWhereADashStands) {
    std::istringstream in("# comment\n192.0.2.1  \n\n\t192.0.2.2 # why\r\n192.0.2.3");
    const auto subjects = gather_subjects({"192.0.2.9", "-"}, in);
    ASSERT_TRUE(subjects.has_value());
    std::vector<std::string> seen;
    for (const SubjectText& subject : *subjects) {
        seen.push_back(subject.where + "|" + subject.text);
    }
    EXPECT_THAT(seen, testing::ElementsAre("|192.0.2.9", "stdin:2|192.0.2.1", "stdin:4|192.0.2.2",
                                           "stdin:5|192.0.2.3"));
}

TEST(GatherSubjects, RefusesMoreLinesThanItTakes) {
    std::istringstream full(std::string(kSubjectLinesMax, '\n'));
    EXPECT_TRUE(gather_subjects({"-"}, full).has_value());
    std::istringstream over(std::string(kSubjectLinesMax + 1, '\n'));
    const auto refused = gather_subjects({"-"}, over);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::OutOfRange);
}

TEST(GatherSubjects, RefusesALineThatNoSubjectIsAsLongAs) {
    std::istringstream in("a.example\n" + std::string(1025, 'a') + "\n");
    const auto refused = gather_subjects({"-"}, in);
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().message, testing::StartsWith("stdin:2: "));
}

}  // namespace
}  // namespace fairlist::cli
