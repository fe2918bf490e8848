#include "zones/reason.h"

#include "listing/model/address.h"
#include "listing/model/prefix.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist {
namespace {

// 2026-11-21T08:30:05Z; `date -u -d @1795249805` agrees.
constexpr Time kSince{1795249805};

ReasonFields fields() {
    return {.address = "192.0.2.7",
            .subject = "192.0.2.0/24",
            .list = "sbl",
            .reason = "seen {address} {{",
            .code = ReturnCode{0x7F000002},
            .since = kSince,
            .until = Time{}};
}

std::string expand(std::string_view text, const ReasonFields& values, std::size_t room = 400) {
    std::string out(room, '#');
    out.resize(expand_reason(text, values, out));
    return out;
}

struct ExpandCase {
    std::string name;
    std::string text;
    std::string expected;
};

class ReasonExpand : public testing::TestWithParam<ExpandCase> {};

TEST_P(ReasonExpand, Fills) {
    EXPECT_EQ(expand(GetParam().text, fields()), GetParam().expected);
}

const std::vector<ExpandCase> kExpandCases = {
    {"empty", "", ""},
    {"plain", "listed", "listed"},
    {"address", "{address}", "192.0.2.7"},
    {"subject", "in {subject}.", "in 192.0.2.0/24."},
    {"list", "{list}{list}", "sblsbl"},
    {"code", "{code}", "127.0.0.2"},
    {"id_has_a_dash_for_the_slash", "/why/{id}", "/why/sbl/192.0.2.0-24"},
    {"since", "{since}", "2026-11-21T08:30:05Z"},
    {"until_not_set", "until {until}", "until -"},
    {"reason_is_not_expanded_again", "{reason}!", "seen {address} {{!"},
    {"double_brace", "{{address}", "{address}"},
    {"double_brace_then_placeholder", "{{{list}}", "{sbl}"},
    {"only_the_opening_brace_is_special", "}}", "}}"},
    {"unknown_stays", "{adress} {list}", "{adress} sbl"},
    {"empty_name_stays", "{}", "{}"},
    {"names_have_case", "{List}", "{List}"},
    {"unclosed_stays", "{list} {list", "sbl {list"},
};

INSTANTIATE_TEST_SUITE_P(Templates, ReasonExpand, testing::ValuesIn(kExpandCases),
                         [](const auto& param) { return param.param.name; });

struct SubjectCase {
    std::string name;
    std::string subject;
    std::string id;
};

class ReasonId : public testing::TestWithParam<SubjectCase> {};

TEST_P(ReasonId, NamesTheEntry) {
    ReasonFields values = fields();
    values.subject = GetParam().subject;
    EXPECT_EQ(expand("{id}", values), GetParam().id);
}

const std::vector<SubjectCase> kSubjectCases = {
    {"single_address", "192.0.2.1", "sbl/192.0.2.1"},
    {"ipv6_prefix", "2001:db8::/32", "sbl/2001:db8::-32"},
    {"domain", "*.bad.example", "sbl/*.bad.example"},
    {"digest", "48b79b2ffd01f6eef4644830a4bc7a6cf6ea3254._email",
     "sbl/48b79b2ffd01f6eef4644830a4bc7a6cf6ea3254._email"},
};

INSTANTIATE_TEST_SUITE_P(Subjects, ReasonId, testing::ValuesIn(kSubjectCases),
                         [](const auto& param) { return param.param.name; });

// Our own calendar on the query path must agree with the library's in listing/base.
TEST(ReasonTime, AgreesWithToString) {
    ReasonFields values = fields();
    for (const std::uint32_t seconds :
         {1U, 59U, 86399U, 86400U, 951782400U /* 2000-02-29 */, 4294967295U}) {
        values.until = Time{seconds};
        EXPECT_EQ(expand("{until}", values), to_string(Time{seconds}));
    }
    values.until = Time{951782400};
    EXPECT_EQ(expand("{until}", values), "2000-02-29T00:00:00Z");
}

// Every length of output: the same beginning, and nothing written past it.
TEST(ReasonCut, KeepsTheBeginning) {
    const std::string_view text = "{address} in {subject} {{ {code} {since} {id} {oops";
    const std::string whole = expand(text, fields());
    for (std::size_t room = 0; room <= whole.size(); ++room) {
        std::string out(whole.size() + 1, '#');
        const std::size_t size = expand_reason(text, fields(), std::span(out).first(room));
        ASSERT_EQ(size, room);
        EXPECT_EQ(out.substr(0, room), whole.substr(0, room));
        EXPECT_EQ(out.substr(room), std::string(out.size() - room, '#'));
    }
}

struct CheckCase {
    std::string name;
    std::string text;
    bool in_list;
    std::string error;  // begins with; empty: good
};

class ReasonCheck : public testing::TestWithParam<CheckCase> {};

TEST_P(ReasonCheck, NamesTheFirstMistake) {
    static constexpr std::array<std::string_view, 1> kAlso = {"service"};
    const CheckCase& c = GetParam();
    const auto checked = check_reason(c.text, c.in_list, kAlso);
    EXPECT_EQ(checked.has_value(), c.error.empty());
    if (!checked) {
        EXPECT_EQ(checked.error().message.substr(0, c.error.size()), c.error);
        EXPECT_EQ(checked.error().code, Errc::Malformed);
    }
}

const std::vector<CheckCase> kCheckCases = {
    {"empty", "", false, ""},
    {"all_of_an_entry", "{address}{subject}{list}{code}{id}{since}{until}", false, ""},
    {"reason_in_a_list", "{reason}", true, ""},
    {"reason_in_an_entry", "{list} {reason}", false, "\"{reason}\": no such placeholder here"},
    {"another_s_placeholder", "{service}", false, ""},
    {"unknown", "{list} {adress} {x}", true, "\"{adress}\": no such placeholder here"},
    {"empty_name", "{}", true, "\"{}\": no such placeholder here"},
    {"double_brace", "{{adress}", true, ""},
    {"unclosed", "{list} {addr", true, "\"{addr\": no \"}\" follows"},
    {"closing_alone", "a } b", true, ""},
};

INSTANTIATE_TEST_SUITE_P(Templates, ReasonCheck, testing::ValuesIn(kCheckCases),
                         [](const auto& param) { return param.param.name; });

TEST(ReasonCheck, KnowsNoOthersByDefault) {
    EXPECT_FALSE(check_reason("{service}", true).has_value());
}

}  // namespace
}  // namespace fairlist
