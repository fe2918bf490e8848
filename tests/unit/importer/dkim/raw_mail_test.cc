#include "importer/dkim/raw_mail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;

std::vector<std::string> shown(const RawMail& mail) {
    std::vector<std::string> out;
    for (const RawField& field : mail.fields) {
        EXPECT_TRUE(field.whole.ends_with(field.value));
        out.push_back(std::string(field.name) + "|" + std::string(field.value));
    }
    return out;
}

TEST(DkimRawMail, SplitsFieldsAndBody) {
    const auto mail = split_mail("A: X\r\nB : Y\t\r\n\tZ  \r\nEmpty:\r\n\r\n C \r\n\r\n");
    ASSERT_TRUE(mail);
    EXPECT_THAT(shown(*mail), ElementsAre("A| X", "B| Y\t\r\n\tZ  ", "Empty|"));
    EXPECT_EQ(mail->fields[1].whole, "B : Y\t\r\n\tZ  ");
    EXPECT_EQ(mail->body, " C \r\n\r\n");
}

TEST(DkimRawMail, TakesLinesThatEndInLf) {
    const auto mail = split_mail("A: X\nB: Y\n Z\n \nC: 1\r\n\nbody\r\n");
    ASSERT_TRUE(mail);
    EXPECT_THAT(shown(*mail), ElementsAre("A| X", "B| Y\n Z\n ", "C| 1"));
    EXPECT_EQ(mail->body, "body\r\n");
}

struct WholeCase {
    std::string name;
    std::string mail;
    std::vector<std::string> fields;
    std::string body;
};

void PrintTo(const WholeCase& c, std::ostream* out) {
    *out << c.name;
}

class DkimRawMailForm : public testing::TestWithParam<WholeCase> {};

TEST_P(DkimRawMailForm, IsRead) {
    const auto mail = split_mail(GetParam().mail);
    ASSERT_TRUE(mail);
    EXPECT_EQ(shown(*mail), GetParam().fields);
    EXPECT_EQ(mail->body, GetParam().body);
}

INSTANTIATE_TEST_SUITE_P(
    All, DkimRawMailForm,
    testing::Values(
        WholeCase{"nothing", "", {}, ""}, WholeCase{"no_header", "\r\nbody", {}, "body"},
        WholeCase{"no_body", "A: x\r\n", {"A| x"}, ""},
        WholeCase{"no_line_end", "A: x", {"A| x"}, ""},
        WholeCase{"value_that_ends_the_mail", "A:", {"A|"}, ""},
        WholeCase{"cr_stays", "A: x\ry\r\r\nB: z\r", {"A| x\ry\r", "B| z\r"}, ""},
        WholeCase{"mbox", "From a@b Mon Jan  1 10:00:00 2024\nA: x\n\ny", {"A| x"}, "y"},
        WholeCase{"blank_before_the_colon", "From : a@b\nA: x\n\ny", {"From| a@b", "A| x"}, "y"}),
    [](const auto& row) { return row.param.name; });

struct BadMail {
    std::string name;
    std::string mail;
};

void PrintTo(const BadMail& c, std::ostream* out) {
    *out << c.name;
}

class DkimRawMailFault : public testing::TestWithParam<BadMail> {};

TEST_P(DkimRawMailFault, IsRefused) {
    EXPECT_FALSE(split_mail(GetParam().mail));
}

std::string many_fields(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += "A:\n";
    }
    return text;
}

INSTANTIATE_TEST_SUITE_P(
    All, DkimRawMailFault,
    testing::Values(BadMail{"no_colon", "A: x\r\nno field\r\n\r\n"},
                    BadMail{"fold_first", " x\r\nA: y\r\n\r\n"}, BadMail{"no_name", ": x\r\n"},
                    BadMail{"blank_in_name", "A b: x\r\n"},
                    BadMail{"zero_byte_in_name", std::string("A\0: x\r\n", 7)},
                    BadMail{"eight_bit_in_name", "\xC3\xA9: x\r\n"},
                    BadMail{"mbox_line_below", "A: x\nFrom a@b Mon Jan  1 10:00:00 2024\n\n"},
                    BadMail{"too_many", many_fields(kRawFieldsMax + 1)}),
    [](const auto& row) { return row.param.name; });

TEST(DkimRawMail, HoldsAsManyFieldsAsItMay) {
    EXPECT_TRUE(split_mail(many_fields(kRawFieldsMax)));
}

}  // namespace
}  // namespace fairlist::importer
