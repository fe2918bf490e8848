#include "tools/fairlist/prefix_document.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::cli {
namespace {

struct FormatCase {
    std::string name;
    std::string text;
    std::string format;
    std::vector<std::string> select;
    bool good = true;
};

void PrintTo(const FormatCase& row, std::ostream* out) {
    *out << row.name;
}

class PrefixFormats : public testing::TestWithParam<FormatCase> {};

TEST_P(PrefixFormats, AreReadAndChecked) {
    const FormatCase& row = GetParam();
    const PrefixFormat format = parse_prefix_format(row.text);
    EXPECT_EQ(format.name, row.format);
    EXPECT_EQ(format.select, row.select);
    const auto checked = check_prefix_format(format);
    EXPECT_EQ(checked.has_value(), row.good);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, PrefixFormats,
    testing::Values(FormatCase{"nothing", "", "", {}}, FormatCase{"name", "geofeed", "geofeed", {}},
                    FormatCase{"selected",
                               "aws service=EC2 region=eu-west-1",
                               "aws",
                               {"service=EC2", "region=eu-west-1"}},
                    FormatCase{"blanks", "  aws   service=EC2 ", "aws", {"service=EC2"}},
                    FormatCase{"unknown", "awz", "awz", {}, false},
                    FormatCase{"unknown_key", "aws servce=EC2", "aws", {"servce=EC2"}, false},
                    FormatCase{"no_name", "service=EC2", "", {"service=EC2"}, false}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace fairlist::cli
