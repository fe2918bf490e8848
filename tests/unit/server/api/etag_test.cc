#include "server/api/etag.h"

#include <gtest/gtest.h>

namespace fairlist::api {
namespace {

TEST(ETag, IsOfExactlyTheBytes) {
    EXPECT_EQ(etag_of("a"), etag_of("a"));
    EXPECT_NE(etag_of("a"), etag_of("b"));
    // BLAKE2b-128 of nothing (RFC 7693).
    EXPECT_EQ(etag_of(""), "\"cae66941d9efbd404e4d88758ea67670\"");
}

struct Case {
    const char* name;
    const char* field;
    bool weak;    // for If-None-Match
    bool strong;  // for If-Match
};

class ETagField : public testing::TestWithParam<Case> {};

// RFC 9110 sections 8.8.3.2, 13.1.1 and 13.1.2. The tag is "x".
TEST_P(ETagField, NamesTheTag) {
    EXPECT_EQ(names_etag(GetParam().field, "\"x\"", true), GetParam().weak);
    EXPECT_EQ(names_etag(GetParam().field, "\"x\"", false), GetParam().strong);
}

INSTANTIATE_TEST_SUITE_P(
    , ETagField,
    testing::Values(Case{"Empty", "", false, false}, Case{"Any", "*", true, true},
                    Case{"It", "\"x\"", true, true}, Case{"Weak", "W/\"x\"", true, false},
                    Case{"Other", "\"y\"", false, false},
                    Case{"SecondOfList", "\"y\", \"x\"", true, true},
                    Case{"CommaInside", "\"y,x\"", false, false},
                    Case{"WithoutBlanks", "\"y\",\"x\"", true, true},
                    Case{"NoQuotes", "x", false, false}, Case{"Unclosed", "\"x", false, false},
                    Case{"Part", "\"xx\"", false, false}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace fairlist::api
