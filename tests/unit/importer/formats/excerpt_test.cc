#include "importer/formats/excerpt.h"

#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

TEST(Excerpt, EscapesWhatATerminalWouldObey) {
    EXPECT_EQ(excerpt("plain text"), "plain text");
    EXPECT_EQ(excerpt("a\tb\x1B[31m\x7F"), R"(a\x09b\x1b[31m\x7f)");
    EXPECT_EQ(excerpt("\xC2\x9B"), R"(\xc2\x9b)");
}

TEST(Excerpt, CutsAtItsLimit) {
    EXPECT_EQ(excerpt(std::string(120, 'a')), std::string(120, 'a'));
    EXPECT_EQ(excerpt(std::string(121, 'a')), std::string(117, 'a') + "...");
    EXPECT_EQ(excerpt(std::string(1000, '\n')).size(), kExcerptBytesMax);
}

}  // namespace
}  // namespace fairlist::importer
