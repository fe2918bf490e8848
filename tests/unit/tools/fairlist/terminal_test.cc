#include "tools/fairlist/terminal.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::cli {
namespace {

struct PrintableCase {
    std::string name;
    std::string text;
    std::string printed;
};

class Printable : public testing::TestWithParam<PrintableCase> {};

TEST_P(Printable, NoControlCharacterPasses) {
    EXPECT_EQ(printable(GetParam().text), GetParam().printed);
}

INSTANTIATE_TEST_SUITE_P(
    Terminal, Printable,
    testing::Values(PrintableCase{"plain", "spam, see https://bl.example/",
                                  "spam, see https://bl.example/"},
                    PrintableCase{"escape_sequence", "\x1b[31mred", "\\x1b[31mred"},
                    PrintableCase{"line_end", "a\r\nb", "a\\x0d\\x0ab"},
                    PrintableCase{"tab", "a\tb", "a\\x09b"},
                    PrintableCase{"delete", "a\x7f", "a\\x7f"},
                    PrintableCase{"c1_control_sequence_introducer",
                                  "\xC2\x9B"
                                  "2J",
                                  "\\x9b2J"},
                    PrintableCase{"c1_as_one_byte",
                                  "\x9b"
                                  "2J",
                                  "\\x9b2J"},
                    PrintableCase{"c1_byte_behind_half_a_character",
                                  "\xE2\x9b"
                                  "2J",
                                  "\\xe2\\x9b2J"},
                    PrintableCase{"latin_1", "Caf\xE9", "Caf\\xe9"},
                    PrintableCase{"c1_byte_inside_a_character", "\xC4\x9B", "\xC4\x9B"},
                    PrintableCase{"no_break_space_is_no_control",
                                  "a\xC2\xA0"
                                  "b",
                                  "a\xC2\xA0"
                                  "b"},
                    PrintableCase{"umlaut", "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
                    PrintableCase{"zero_byte", std::string("a\0b", 3), "a\\x00b"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::cli
