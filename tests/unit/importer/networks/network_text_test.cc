#include "importer/networks/network_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;

struct AsnCase {
    std::string name;
    std::string text;
    std::optional<std::uint32_t> asn;
};

class AsnText : public testing::TestWithParam<AsnCase> {};

TEST_P(AsnText, IsReadOrRefused) {
    const auto asn = parse_asn(GetParam().text);
    if (GetParam().asn) {
        ASSERT_TRUE(asn) << asn.error().message;
        EXPECT_EQ(*asn, *GetParam().asn);
    } else {
        ASSERT_FALSE(asn);
        EXPECT_EQ(asn.error().code, Errc::Malformed);
        EXPECT_THAT(asn.error().message, HasSubstr("AS64500"));
    }
}

INSTANTIATE_TEST_SUITE_P(
    NetworkText, AsnText,
    testing::Values(AsnCase{"number", "64500", 64500}, AsnCase{"with_as", "AS64500", 64500},
                    AsnCase{"small_letters", "as64500", 64500}, AsnCase{"not_routed", "0", 0},
                    AsnCase{"largest", "4294967295", 4294967295},
                    AsnCase{"too_large", "4294967296", {}}, AsnCase{"empty", "", {}},
                    AsnCase{"as_alone", "AS", {}}, AsnCase{"negative", "-1", {}},
                    AsnCase{"plus", "+1", {}}, AsnCase{"dotted", "1.10", {}},
                    AsnCase{"blank_inside", "AS 64500", {}}, AsnCase{"name", "GOOGLE", {}},
                    AsnCase{"trailing", "64500x", {}}),
    [](const auto& param) { return param.param.name; });

struct CountryCase {
    std::string name;
    std::string text;
    std::optional<std::string> country;
};

class CountryText : public testing::TestWithParam<CountryCase> {};

TEST_P(CountryText, IsReadOrRefused) {
    EXPECT_EQ(parse_country(GetParam().text), GetParam().country);
}

INSTANTIATE_TEST_SUITE_P(
    NetworkText, CountryText,
    testing::Values(CountryCase{"capitals", "DE", "DE"}, CountryCase{"small", "de", "DE"},
                    CountryCase{"empty", "", ""}, CountryCase{"dash", "-", ""},
                    CountryCase{"none", "None", ""}, CountryCase{"unknown", "Unknown", ""},
                    CountryCase{"unknown_region", "ZZ", ""},
                    CountryCase{"three_letters", "DEU", {}}, CountryCase{"word", "Germany", {}},
                    CountryCase{"digit", "D1", {}}, CountryCase{"not_ascii", "\xC3\x9C", {}},
                    CountryCase{"one_letter", "D", {}}),
    [](const auto& param) { return param.param.name; });

struct TidyCase {
    std::string name;
    std::string text;
    std::size_t bytes_max;
    std::string tidy;
};

class TidyText : public testing::TestWithParam<TidyCase> {};

TEST_P(TidyText, IsFitForATerminal) {
    EXPECT_EQ(tidy_text(GetParam().text, GetParam().bytes_max), GetParam().tidy);
}

// The border cases are those of the Unicode Standard's table 3-7, well-formed UTF-8.
INSTANTIATE_TEST_SUITE_P(
    NetworkText, TidyText,
    testing::Values(
        TidyCase{"empty", "", 10, ""}, TidyCase{"ascii", "Example Ltd. ~", 20, "Example Ltd. ~"},
        TidyCase{"control", "a\x1b[31mb\x7f", 20, "a?[31mb?"},
        TidyCase{"nul", std::string("a\0b", 3), 20, "a?b"},
        TidyCase{"two_bytes", "T\xC3\xBCrk", 20, "T\xC3\xBCrk"},
        TidyCase{"c1_control", "\xC2\x9B\xC2\xA0", 20, "??\xC2\xA0"},
        TidyCase{"three_bytes", "\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBD", 20,
                 "\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBD"},
        TidyCase{"four_bytes", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 20,
                 "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        TidyCase{"overlong", "\xC0\xAF\xE0\x9F\xBF\xF0\x8F\x80\x80", 20, "?????????"},
        TidyCase{"surrogate", "\xED\xA0\x80", 20, "???"},
        TidyCase{"past_the_end", "\xF4\x90\x80\x80", 20, "????"},
        TidyCase{"cut_short", "a\xE2\x82", 20, "a??"}, TidyCase{"latin1", "T\xFCrk", 20, "T?rk"},
        TidyCase{"at_the_limit", "abcd", 4, "abcd"}, TidyCase{"past_the_limit", "abcde", 4, "abcd"},
        TidyCase{"not_within_a_character", "abc\xC3\xBC", 4, "abc"}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace fairlist::importer
