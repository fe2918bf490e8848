#include "importer/dkim/dkim_signature.h"

#include "tests/unit/importer/dkim/fake_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// RFC 6376 section 3.5's own example, with the hash of an empty body.
const std::string kValue =
    " v=1; a=rsa-sha256; d=Example.NET; s=Brisbane;\r\n"
    "   c=simple/relaxed; q=dns/txt; i=@eng.example.net;\r\n"
    "   t=1117574938; x=1118006938; l=200;\r\n"
    "   h=from:to : Subject:\r\n\tdate;\r\n"
    "   z=From:foo@eng.example.net|To:joe@example.com|\r\n"
    "     Subject:demo=20run|Date:July=205,=202005=203:44:08=20PM=20-0700;\r\n"
    "   bh=47DEQpj8HBSa+/TImW+5JCeu QeRkm5NMpJWZG3hSuFU=;\r\n"
    "   b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZ\r\n"
    "     VoG4ZHRNiYzR \r\n ";

TEST(DkimSignatureField, IsRead) {
    const auto read = parse_dkim_signature(kValue);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->algorithm, DkimAlgorithm::RsaSha256);
    EXPECT_EQ(read->header_canon, DkimCanon::Simple);
    EXPECT_EQ(read->body_canon, DkimCanon::Relaxed);
    EXPECT_EQ(read->domain.text(), "example.net");
    EXPECT_EQ(key_record_name(*read), "brisbane._domainkey.example.net");
    EXPECT_TRUE(read->identity_below);
    EXPECT_THAT(read->names, ElementsAre("from", "to", "subject", "date"));
    EXPECT_EQ(read->body_hash.size(), 32U);
    EXPECT_EQ(read->body_hash[0], 0xE3);
    EXPECT_EQ(read->signature.size(), 48U);
    EXPECT_EQ(read->body_bytes, 200U);
    EXPECT_EQ(read->signed_at, 1117574938U);
    EXPECT_EQ(read->expires, 1118006938U);
}

TEST(DkimSignatureField, IsHashedWithoutItsSignature) {
    const std::string whole = "DKIM-Signature:" + replaced(kValue, "; bh", " ;bh") + "; y= 1 ";
    const RawField field{"DKIM-Signature", whole, std::string_view(whole).substr(15)};
    auto read = parse_dkim_signature(field.value);
    ASSERT_TRUE(read) << read.error().detail;
    const std::string simple = canonical_own_field(field, *read);
    EXPECT_EQ(simple, whole.substr(0, whole.find("dzdV")) + "; y= 1 ");
    read->header_canon = DkimCanon::Relaxed;
    const std::string relaxed = canonical_own_field(field, *read);
    EXPECT_TRUE(relaxed.starts_with("dkim-signature:v=1; a=rsa-sha256;")) << relaxed;
    EXPECT_TRUE(relaxed.ends_with("QeRkm5NMpJWZG3hSuFU=; b=; y= 1")) << relaxed;
}

TEST(DkimSignatureField, HasDefaults) {
    const auto read = parse_dkim_signature(
        "v=1;a=ed25519-sha256;b=AAAA;d=a.example;s=k.sub;h=FROM;"
        "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->algorithm, DkimAlgorithm::Ed25519Sha256);
    EXPECT_EQ(read->header_canon, DkimCanon::Simple);
    EXPECT_EQ(read->body_canon, DkimCanon::Simple);
    EXPECT_FALSE(read->identity_below);
    EXPECT_FALSE(read->body_bytes || read->signed_at || read->expires);
    EXPECT_EQ(key_record_name(*read), "k.sub._domainkey.a.example");
}

struct Edit {
    std::string name;
    std::string from;
    std::string to;
    std::string why;  // empty: is read
    DkimRule rule = DkimRule::Malformed;
};

void PrintTo(const Edit& c, std::ostream* out) {
    *out << c.name;
}

class DkimSignatureEdit : public testing::TestWithParam<Edit> {};

TEST_P(DkimSignatureEdit, IsReadOrRefused) {
    const Edit& c = GetParam();
    ASSERT_THAT(kValue, HasSubstr(c.from));
    const auto read = parse_dkim_signature(replaced(kValue, c.from, c.to));
    if (c.why.empty()) {
        ASSERT_TRUE(read) << read.error().detail;
        return;
    }
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().rule, c.rule);
    EXPECT_THAT(read.error().detail, HasSubstr(c.why));
}

constexpr auto kUnsupported = DkimRule::Unsupported;
const std::string kLong(64, 'a');
const std::string kFar = kLong.substr(1) + "." + kLong.substr(1) + "." + kLong.substr(1) + ".";

INSTANTIATE_TEST_SUITE_P(
    Required, DkimSignatureEdit,
    testing::Values(Edit{"no_version", "v=1;", "", "v= is missing"},
                    Edit{"no_algorithm", "a=rsa-sha256;", "", "a= is missing"},
                    Edit{"no_domain", "d=Example.NET;", "", "d= is missing"},
                    Edit{"no_selector", "s=Brisbane;", "", "s= is missing"},
                    Edit{"no_names", "h=from", "hh=from", "h= is missing"},
                    Edit{"no_body_hash", "bh=", "bhh=", "bh= is missing"},
                    Edit{"no_signature", " b=", " bb=", "b= is missing"},
                    Edit{"tag_twice", "v=1;", "v=1; v=1;", "twice"},
                    Edit{"other_version", "v=1;", "v=2;", "v= is not 1", kUnsupported},
                    Edit{"padded_version", "v=1;", "v=01;", "v= is not 1", kUnsupported}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ways, DkimSignatureEdit,
    testing::Values(Edit{"sha1", "rsa-sha256", "rsa-sha1", "RFC 8301", kUnsupported},
                    Edit{"unknown_algorithm", "rsa-sha256", "rsa-sha512", "a= is", kUnsupported},
                    Edit{"upper_case_algorithm", "rsa-sha256", "RSA-SHA256", "a= is", kUnsupported},
                    Edit{"header_canon_only", "simple/relaxed", "relaxed", ""},
                    Edit{"no_body_canon", "simple/relaxed", "relaxed/", "c= is", kUnsupported},
                    Edit{"unknown_canon", "simple/relaxed", "nowsp/simple", "c= is", kUnsupported},
                    Edit{"three_canons", "simple/relaxed", "simple/simple/simple", "c= is",
                         kUnsupported},
                    Edit{"other_method", "dns/txt", "dns/other", "q= does", kUnsupported},
                    Edit{"one_of_two_methods", "dns/txt", "dns/other : dns/txt", ""}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Names, DkimSignatureEdit,
    testing::Values(
        Edit{"top_level", "d=Example.NET", "d=net", "d= is no domain"},
        Edit{"dot_at_the_end", "d=Example.NET", "d=example.net.", "d= is no domain"},
        Edit{"dot_in_front", "d=Example.NET", "d=.example.net", "d= is no domain"},
        Edit{"at_sign", "d=Example.NET", "d=a@example.net", "d= is no domain"},
        Edit{"escape", "d=Example.NET", "d=a\\046example.net", "d= is no domain"},
        Edit{"blank_in_domain", "d=Example.NET", "d=example .net", "d= is no domain"},
        Edit{"no_utf8", "d=Example.NET", "d=\xFF.example.net", "d= is no domain"},
        Edit{"long_label", "d=Example.NET", "d=" + kLong + ".net", "d= is no domain"},
        Edit{"selector_escape", "s=Brisbane", "s=a\\.b", "s= is no name"},
        Edit{"selector_empty", "s=Brisbane", "s=", "s= is no name"},
        Edit{"selector_with_underscore", "s=Brisbane", "s=k1_2024", ""},
        Edit{"long_together", "s=Brisbane", "s=" + kFar + kLong.substr(14), "longer than DNS"},
        Edit{"identity_same", "@eng.example.net;", "joe@EXAMPLE.net;", ""},
        Edit{"identity_folded", "@eng.example.net;", "joe=20\r\n x@eng.\r\n example.net;", ""},
        Edit{"identity_with_two_ats", "@eng.example.net;", "a@b@example.net;", ""},
        Edit{"identity_elsewhere", "@eng.example.net;", "@example.org;", "neither d= nor below"},
        Edit{"identity_longer", "@eng.example.net;", "@xexample.net;", "neither d= nor below"},
        Edit{"identity_above", "@eng.example.net;", "@net;", "neither d= nor below"},
        Edit{"identity_without_at", "@eng.example.net;", "example.net;", "i= names no domain"},
        Edit{"identity_empty", "i=@eng.example.net;", "i=;", "i= names no domain"}),
    [](const auto& row) { return row.param.name; });

std::string many_names(std::size_t count) {
    std::string text = "h=from";
    for (std::size_t i = 1; i < count; ++i) {
        text += ":x";
    }
    return text;
}

INSTANTIATE_TEST_SUITE_P(
    Values, DkimSignatureEdit,
    testing::Values(
        Edit{"from_not_signed", "h=from:", "h=", "h= does not hold From"},
        Edit{"from_in_a_name", "h=from:", "h=from-x:", "h= does not hold From"},
        Edit{"empty_name", "h=from:", "h=from::", "no header name"},
        Edit{"blank_in_name", "h=from:", "h=from:a b:", "no header name"},
        Edit{"most_names", "h=from:to : Subject:\r\n\tdate", many_names(kSignedNamesMax), ""},
        Edit{"many_names", "h=from:to : Subject:\r\n\tdate", many_names(kSignedNamesMax + 1),
             "256 names"},
        Edit{"short_hash", "bh=47DEQpj8", "bh=", "bh= is no SHA-256"},
        Edit{"long_hash", "bh=47DE", "bh=AAAA47DE", "bh= is no SHA-256"},
        Edit{"hash_without_padding", "uFU=", "uFU", "bh= is no SHA-256"},
        Edit{"hash_with_loose_bits", "uFU=", "uFV=", "bh= is no SHA-256"},
        Edit{"no_base64", "dzdV", "dzd-", "b= is no signature"},
        Edit{"long_signature", "dzdV", std::string(4 * kSignatureBytesMax, 'A'),
             "b= is no signature"},
        Edit{"negative_length", "l=200", "l=-1", "is no number"},
        Edit{"empty_length", "l=200", "l=", "is no number"},
        Edit{"length_with_more", "l=200", "l=200 0", "is no number"},
        Edit{"huge_length", "l=200", "l=99999999999999999999", "is no number"},
        Edit{"time_of_13_digits", "t=1117574938", "t=1117574938000", "is no number"},
        Edit{"ends_when_it_begins", "x=1118006938", "x=1117574938", "x= is not after t="}),
    [](const auto& row) { return row.param.name; });

TEST(DkimSignatureField, MayBeInternational) {
    const auto read =
        parse_dkim_signature(replaced(replaced(kValue, "Example.NET",
                                               "b\xC3\xBC"
                                               "cher.example"),
                                      "@eng.example.net", "j\xC3\xB6@xn--bcher-kva.example"));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->domain.text(), "xn--bcher-kva.example");
    EXPECT_FALSE(read->identity_below);
}

TEST(DkimSignatureField, NamesItsDomainEvenWhenBroken) {
    EXPECT_EQ(claimed_domain("d=Example.com; a=rsa-sha1")->text(), "example.com");
    EXPECT_FALSE(claimed_domain("d=com"));
    EXPECT_FALSE(claimed_domain("a=rsa-sha1"));
    EXPECT_FALSE(claimed_domain("d=example.com;;"));
}

}  // namespace
}  // namespace fairlist::importer
