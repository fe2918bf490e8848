#include "importer/intake/secret_words.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

const std::vector<std::string> kAddresses = {"canary-7f3@kept.example.org", "sam@kept.example.org",
                                             "@whole-trap.net", "@a.io"};

struct WordRow {
    const char* name;
    std::string text;
    bool named;
};

class Secrets : public testing::TestWithParam<WordRow> {};

TEST_P(Secrets, AreSeen) {
    EXPECT_EQ(SecretWords(kAddresses).are_in(GetParam().text), GetParam().named);
}

// Encoded forms made with base64(1), base32(1), xxd(1), tr(1) and md5sum(1).
INSTANTIATE_TEST_SUITE_P(
    Rows, Secrets,
    testing::Values(WordRow{"the_address", "canary-7f3@kept.example.org", true},
                    WordRow{"local_part_in_a_host_name", "canary-7f3.evil.example", true},
                    WordRow{"upper_case", "CANARY-7F3.evil.example", true},
                    WordRow{"other_marks_between", "c.a.n.a.r.y_7f3.evil.example", true},
                    WordRow{"verp", "bounce-canary-7f3=kept.example.org@evil.example", true},
                    WordRow{"percent", "canary%2D7f3%40kept.example.org", true},
                    WordRow{"all_percent", "%63%61%6e%61%72%79%2d%37%66%33", true},
                    WordRow{"percent_in_a_host_name", "canary-2d7f3-40kept.evil.example", true},
                    WordRow{"quoted_printable", "canary=2D7f3=40kept", true},
                    WordRow{"backwards", "3f7-yranac.evil.example", true},
                    WordRow{"rot13", "pnanel-7s3.evil.example", true},
                    WordRow{"hex", "63616e6172792d376633.evil.example", true},
                    WordRow{"base64_of_the_address", "Y2FuYXJ5LTdmM0BrZXB0LmV4YW1wbGUub3Jn", true},
                    WordRow{"base64_lower_case",
                            "y2fuyxj5ltdmm0brzxb0lmv4yw1wbguub3jn.evil.example", true},
                    WordRow{"base64_one_byte_in", "eGNhbmFyeS03ZjM=", true},   // x before it
                    WordRow{"base64_two_bytes_in", "eHhjYW5hcnktN2Yz", true},  // xx before it
                    WordRow{"base32", "mnqw4ylspewtozrt.evil.example", true},
                    WordRow{"md5", "b1946ac92492d2347c6235b4d2611184.evil.example", true},
                    WordRow{"domain", "mx.kept.example.org", true},
                    WordRow{"domain_with_hyphens", "kept-example-org.evil.example", true},
                    WordRow{"whole_domain", "whole-trap.net", true},
                    WordRow{"short_local_part_as_a_word", "mail.sam.evil.example", true},
                    WordRow{"short_local_part_between_marks", "x-SAM-y", true},
                    WordRow{"short_local_part_inside_a_word", "samples.evil.example", false},
                    WordRow{"short_domain", "mx.a.io", true},
                    WordRow{"short_domain_with_hyphens", "mx-a-io.evil.example", true},
                    WordRow{"short_domain_inside_words", "mx.ra.ion.example", false},
                    WordRow{"a_part_of_the_domain", "mx.example.org", false},
                    WordRow{"another_name", "mail.evil.example", false},
                    WordRow{"an_address", "192.0.2.1", false},
                    WordRow{"a_reverse_name", "1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", false},
                    WordRow{"a_percent_alone", "100%", false}, WordRow{"nothing", "", false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SecretsOfTags, AreTheAddressWithAndWithoutIt) {
    const std::vector<std::string> addresses = {"canary+shop@kept.example.org"};
    const SecretWords words(addresses);
    EXPECT_TRUE(words.are_in("canary.evil.example"));
    EXPECT_TRUE(words.are_in("canary.shop.evil.example"));
    EXPECT_FALSE(words.are_in("shop.evil.example"));
    EXPECT_FALSE(SecretWords({}).are_in("canary"));
}

}  // namespace
}  // namespace fairlist::importer
