#include "listing/base/time.h"
#include "listing/model/code.h"
#include "listing/model/digest.h"
#include "listing/model/domain.h"
#include "listing/model/list.h"
#include "listing/model/prefix.h"
#include "listing/model/protected_space.h"
#include "listing/model/subject.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist {
namespace {

// Text in, canonical text out; "!" for refused.
struct TextCase {
    std::string name;
    std::string in;
    std::string out;
};

class PrefixText : public testing::TestWithParam<TextCase> {};

TEST_P(PrefixText, Parses) {
    const auto prefix = parse_prefix(GetParam().in);
    EXPECT_EQ(prefix ? to_string(*prefix) : "!", GetParam().out);
}

const std::vector<TextCase> kPrefixCases = {
    {"single_v4", "192.0.2.1", "192.0.2.1"},
    {"single_with_length", "192.0.2.1/32", "192.0.2.1"},
    {"v4", "192.0.2.0/24", "192.0.2.0/24"},
    {"v4_everything", "0.0.0.0/0", "0.0.0.0/0"},
    {"v6", "2001:DB8::/32", "2001:db8::/32"},
    {"v6_everything", "::/0", "::/0"},
    {"v6_single", "2001:db8::1/128", "2001:db8::1"},
    {"mapped_is_v4", "::ffff:192.0.2.1", "192.0.2.1"},
    {"mapped_with_v6_length", "::ffff:192.0.2.0/120", "192.0.2.0/24"},
    {"host_bits", "192.0.2.1/24", "!"},
    {"v6_host_bits", "2001:db8::1/32", "!"},
    {"length_33", "192.0.2.0/33", "!"},
    {"length_129", "2001:db8::/129", "!"},
    {"length_missing", "192.0.2.0/", "!"},
    {"length_leading_zero", "192.0.2.0/024", "!"},
    {"length_signed", "192.0.2.0/+24", "!"},
    {"leading_zero", "192.0.02.1", "!"},
    {"octet_256", "192.0.2.256", "!"},
    {"three_octets", "192.0.2", "!"},
    {"five_octets", "192.0.2.1.1", "!"},
    {"white_space", " 192.0.2.1", "!"},
    {"zone_identifier", "fe80::1%eth0", "!"},
    {"brackets", "[2001:db8::1]", "!"},
    {"nothing", "", "!"},
    {"nul", std::string("192.0.2.1\0", 10), "!"},
};

INSTANTIATE_TEST_SUITE_P(Rfc5952, PrefixText, testing::ValuesIn(kPrefixCases),
                         [](const auto& param) { return param.param.name; });

TEST(SplitRange, CoversExactlyAndWithFewest) {
    std::mt19937 random(5);
    for (int i = 0; i < 3000; ++i) {
        std::uint32_t first = random() % 2048;
        std::uint32_t last = random() % 2048;
        if (first > last) {
            std::swap(first, last);
        }
        std::uint32_t at = first;
        std::size_t fewest = 0;
        // Greedy from the left is the known optimum for aligned blocks.
        for (std::uint64_t next = first; next <= last; ++fewest) {
            std::uint64_t size = 1;
            while (next % (size * 2) == 0 && next + size * 2 - 1 <= last) {
                size *= 2;
            }
            next += size;
        }
        const auto parts = split_range(Address::from_v4(first), Address::from_v4(last));
        EXPECT_EQ(parts.size(), fewest);
        for (const Prefix& part : parts) {
            ASSERT_EQ(part.base.v4(), at);
            at = part.last().v4() + 1;
        }
        EXPECT_EQ(at, last + 1);
    }
    EXPECT_EQ(split_range(Address::from_v4(0), Address::from_v4(UINT32_MAX)).size(), 1U);
}

class CodeText : public testing::TestWithParam<TextCase> {};

TEST_P(CodeText, Parses) {
    const auto code = parse_code(GetParam().in);
    EXPECT_EQ(code ? to_string(*code) : "!", GetParam().out);
}

const std::vector<TextCase> kCodeCases = {
    {"short_form", "2", "127.0.0.2"},
    {"long_form", "127.0.1.102", "127.0.1.102"},
    {"largest_short", "255", "127.0.0.255"},
    {"zero", "0", "!"},
    {"short_too_large", "256", "!"},
    {"never_127_0_0_1", "127.0.0.1", "!"},
    {"short_one", "1", "!"},
    {"service_code", "127.255.255.254", "!"},
    {"outside_127", "9.9.9.9", "!"},
    {"no_number", "two", "!"},
    {"v6", "::1", "!"},
};

INSTANTIATE_TEST_SUITE_P(Rfc5782, CodeText, testing::ValuesIn(kCodeCases),
                         [](const auto& param) { return param.param.name; });

class DomainText : public testing::TestWithParam<TextCase> {};

TEST_P(DomainText, ParsesAndSurvivesItsKey) {
    const auto subject = parse_name_subject(GetParam().in);
    EXPECT_EQ(subject ? to_string(*subject) : "!", GetParam().out);
    if (subject) {
        EXPECT_EQ(domain_from_key(to_key(subject->name))->text(), subject->name.text());
    }
}

const std::vector<TextCase> kDomainCases = {
    {"plain", "Bad.Example", "bad.example"},
    {"trailing_dot", "bad.example.", "bad.example"},
    {"wildcard", "*.bad.example", "*.bad.example"},
    {"both", ".bad.example", ".bad.example"},
    {"underscore", "_dmarc.bad.example", "_dmarc.bad.example"},
    {"u_label", "b\u00fccher.example", "xn--bcher-kva.example"},
    {"label_63", std::string(63, 'a') + ".example", std::string(63, 'a') + ".example"},
    {"label_64", std::string(64, 'a') + ".example", "!"},
    {"empty_label", "bad..example", "!"},
    {"only_dot", ".", "!"},
    {"nothing", "", "!"},
    {"white_space", "bad example", "!"},
    {"control", "bad\x01.example", "!"},
    {"invalid_utf8", "b\xff.example", "!"},
    {"name_253",
     std::string(61, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
         std::string(63, 'd'),
     std::string(61, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
         std::string(63, 'd')},
    {"name_254",
     std::string(62, 'a') + "." + std::string(63, 'b') + "." + std::string(63, 'c') + "." +
         std::string(63, 'd'),
     "!"},
};

INSTANTIATE_TEST_SUITE_P(Rfc1035, DomainText, testing::ValuesIn(kDomainCases),
                         [](const auto& param) { return param.param.name; });

class DigestText : public testing::TestWithParam<TextCase> {};

TEST_P(DigestText, Parses) {
    const auto digest = parse_digest(GetParam().in);
    EXPECT_EQ(digest ? to_string(*digest) : "!", GetParam().out);
}

// SHA-1 and SHA-256 of the empty string (FIPS 180-4 examples), the latter also in Base32.
constexpr std::string_view kSha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
constexpr std::string_view kSha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kSha256Base32 = "4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq";

const std::vector<TextCase> kDigestCases = {
    {"sha1", std::string(kSha1), std::string(kSha1)},
    {"sha1_email", std::string(kSha1) + "._EMAIL", std::string(kSha1) + "._email"},
    {"sha256_hex", std::string(kSha256) + "._file", std::string(kSha256Base32) + "._file"},
    {"sha256_base32", std::string(kSha256Base32), std::string(kSha256Base32)},
    {"unknown_class", std::string(kSha1) + "._ftp", "!"},
    {"short", std::string(kSha1).substr(1), "!"},
    {"no_hex", "g" + std::string(kSha1).substr(1), "!"},
    // 52 Base32 digits are 260 bits: the last four must be zero.
    {"base32_left_over_bits", std::string(kSha256Base32).substr(0, 51) + "r", "!"},
    {"nothing", "", "!"},
};

INSTANTIATE_TEST_SUITE_P(Labels, DigestText, testing::ValuesIn(kDigestCases),
                         [](const auto& param) { return param.param.name; });

class TimeText : public testing::TestWithParam<TextCase> {};

TEST_P(TimeText, Parses) {
    const auto time = parse_time(GetParam().in);
    EXPECT_EQ(time ? to_string(*time) : "!", GetParam().out);
}

const std::vector<TextCase> kTimeCases = {
    {"date", "2026-11-21", "2026-11-21T00:00:00Z"},
    {"full", "2026-11-21T08:30:05Z", "2026-11-21T08:30:05Z"},
    {"unix", "1000000000", "2001-09-09T01:46:40Z"},
    {"past_2038", "2099-01-01", "2099-01-01T00:00:00Z"},
    {"leap_day", "2024-02-29", "2024-02-29T00:00:00Z"},
    {"no_leap_day", "2026-02-29", "!"},
    {"month_13", "2026-13-01", "!"},
    {"hour_24", "2026-11-21T24:00:00Z", "!"},
    {"no_zone", "2026-11-21T08:30:05", "!"},
    {"past_2106", "2200-01-01", "!"},
    {"zero", "0", "!"},
    {"words", "tomorrow", "!"},
};

INSTANTIATE_TEST_SUITE_P(Iso8601, TimeText, testing::ValuesIn(kTimeCases),
                         [](const auto& param) { return param.param.name; });

class DurationText : public testing::TestWithParam<TextCase> {};

TEST_P(DurationText, Parses) {
    const auto seconds = parse_duration(GetParam().in);
    EXPECT_EQ(seconds ? format_duration(*seconds) : "!", GetParam().out);
}

const std::vector<TextCase> kDurationCases = {
    {"seconds", "90", "1m30s"},
    {"sum", "1h30m", "1h30m"},
    {"weeks", "2w", "2w"},
    {"days", "10d", "10d"},
    {"zero", "0", "0s"},
    {"upper_case", "5M", "5m"},
    {"largest", "2147483647", "24855d3h14m7s"},
    {"too_large", "2147483648", "!"},
    {"unit_alone", "m", "!"},
    {"unknown_unit", "5y", "!"},
    {"negative", "-5m", "!"},
    {"nothing", "", "!"},
};

INSTANTIATE_TEST_SUITE_P(Units, DurationText, testing::ValuesIn(kDurationCases),
                         [](const auto& param) { return param.param.name; });

TEST(ProtectedSpace, OperatorsOwnRulesComeOnTop) {
    const ProtectedSpace space({*parse_prefix("11.1.0.0/16")}, {*parse_prefix("192.0.2.0/24")});
    const std::vector<std::pair<std::string, bool>> rows = {
        {"11.1.2.3", true},      {"11.0.0.0/8", true},   {"11.2.0.0/16", false},
        {"192.0.2.7", false},    {"198.51.100.1", true}, {"192.0.0.0/9", false},
        {"127.0.0.2", true},     {"::1", true},          {"2a00::/16", false},
        {"2001:db8::/48", true}, {"fe80::1", true},      {"224.0.0.1", true},
    };
    for (const auto& [text, refused] : rows) {
        EXPECT_EQ(!space.refusal(*parse_prefix(text)).empty(), refused) << text;
    }
}

}  // namespace
}  // namespace fairlist
