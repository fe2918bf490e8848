#include "importer/reports/mail_fields.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {
namespace {

struct FieldsRow {
    std::string_view name;
    std::string_view text;
    std::string_view expected;  // "name=value;" of each
};

TEST(MailFields, AreCutAtLinesThatBeginOne) {
    const std::vector<FieldsRow> rows = {
        {"nothing", "", ""},
        {"one without an end", "A: b", "a=b;"},
        {"CRLF", "A: b\r\nC-D:e\r\n", "a=b;c-d=e;"},
        {"folded", "A: b\n\tc\n  d \nE:\n f\n", "a=b c d;e=f;"},
        {"blanks alone", "A: b\n   \n c\n", "a=b c;"},
        {"no field", "x\n y\n: z\n y\nA: b\nx\n y\n", "a=b;"},
        {"empty lines", "\n\r\nA: b\n\nC: d\n", "a=b;"},
        {"colons", "A: b:c\nD::\nE:\n", "a=b:c;d=:;e=;"},
        {"blank before the colon", "A \t: b\n", "a=b;"},
    };
    for (const FieldsRow& row : rows) {
        std::string seen;
        for (const MailField& field : cut_fields(row.text)) {
            seen += field.name + "=" + field.value + ";";
        }
        EXPECT_EQ(seen, row.expected) << row.name;
    }
}

TEST(MailFields, LoseTheirComments) {
    EXPECT_EQ(without_comments(""), "");
    EXPECT_EQ(without_comments(" a (b (c) \\) d) e (f"), "a  e");
    EXPECT_EQ(without_comments("(a)b)"), "b)");
    EXPECT_EQ(without_comments("a(\\"), "a");
}

}  // namespace
}  // namespace fairlist::importer
