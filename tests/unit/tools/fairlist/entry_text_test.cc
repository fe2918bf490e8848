#include "tools/fairlist/entry_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

struct FieldCase {
    std::string name;
    std::string text;
    std::string field;
};

class CsvField : public testing::TestWithParam<FieldCase> {};

TEST_P(CsvField, FollowsRfc4180) {
    EXPECT_EQ(csv_field(GetParam().text), GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(EntryText, CsvField,
                         testing::Values(FieldCase{"plain", "a b", "a b"},
                                         FieldCase{"empty", "", ""},
                                         FieldCase{"comma", "a,b", "\"a,b\""},
                                         FieldCase{"quote", "a\"b", "\"a\"\"b\""},
                                         FieldCase{"line_end", "a\nb", "a\\x0ab"},
                                         FieldCase{"terminal", "\x1b]0;t\a", "\\x1b]0;t\\x07"},
                                         FieldCase{"eight_bit",
                                                   "\x9b"
                                                   "2J",
                                                   "\\x9b2J"},
                                         FieldCase{"outer_blank", " a", "\" a\""}),
                         [](const auto& param) { return param.param.name; });

class Entries : public testing::Test {
  protected:
    void SetUp() override {
        ListSpec list;
        list.name = "sbl";
        list.code = ReturnCode{0x7F000003};
        list.reason = "see {id}";
        config_.lists = {list};
        EntryView entry;
        entry.list = "sbl";
        entry.source = "drop";
        entry.entry.subject = parse_prefix("192.0.2.0/24").value();
        entry.entry.since = parse_time("2026-11-01").value();
        EntryView own = entry;
        own.entry.subject = parse_prefix("192.0.2.7").value();
        own.entry.verdict.code = ReturnCode{0x7F000009};
        own.entry.verdict.reason = "a, b";
        own.entry.verdict.ttl_seconds = 60;
        own.entry.until = parse_time("2026-12-01").value();
        EntryView exempt = entry;
        exempt.entry.subject = parse_prefix("192.0.2.8").value();
        exempt.entry.verdict.exempt = true;
        entries_ = {entry, own, exempt};
    }

    config::Config config_;
    std::vector<EntryView> entries_;
};

TEST_F(Entries, TableFillsInWhatTheListSays) {
    EXPECT_EQ(
        entries_table(entries_, config_),
        "LIST  SUBJECT       CODE       SOURCE  SINCE                 UNTIL                 "
        "REASON\n"
        "sbl   192.0.2.0/24  127.0.0.3  drop    2026-11-01T00:00:00Z  -                     "
        "see {id}\n"
        "sbl   192.0.2.7     127.0.0.9  drop    2026-11-01T00:00:00Z  2026-12-01T00:00:00Z  a, "
        "b\n"
        "sbl   192.0.2.8     exempt     drop    2026-11-01T00:00:00Z  -\n");
}

TEST_F(Entries, CsvHasOwnValuesOnly) {
    EXPECT_EQ(entries_csv(entries_),
              "sbl,drop,192.0.2.0/24,false,,,2026-11-01T00:00:00Z,,\n"
              "sbl,drop,192.0.2.7,false,127.0.0.9,60,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,"
              "\"a, b\"\n"
              "sbl,drop,192.0.2.8,true,,,2026-11-01T00:00:00Z,,\n");
}

TEST_F(Entries, PlainLeavesExemptionsOut) {
    EXPECT_EQ(entries_plain(entries_), "192.0.2.0/24\n192.0.2.7\n");
}

}  // namespace
}  // namespace fairlist::cli
