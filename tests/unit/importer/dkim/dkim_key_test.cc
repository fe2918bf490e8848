#include "importer/dkim/dkim_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::HasSubstr;

const std::string kRsa =  // RFC 8463 appendix A.2
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J1"
    "6JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2"
    "EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
const std::string kEd = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

struct KeyCase {
    std::string name;
    std::string record;
    DkimRule rule = DkimRule::Pass;
    std::string why = {};
};

void PrintTo(const KeyCase& c, std::ostream* out) {
    *out << c.name;
}

class DkimKeyRecord : public testing::TestWithParam<KeyCase> {};

TEST_P(DkimKeyRecord, IsReadOrRefused) {
    const KeyCase& c = GetParam();
    const auto key = parse_dkim_key(c.record);
    ASSERT_EQ(key ? DkimRule::Pass : key.error().rule, c.rule) << key.error().detail;
    if (!key) {
        EXPECT_THAT(key.error().detail, HasSubstr(c.why));
    }
}

constexpr auto kUnusable = DkimRule::KeyUnusable;

INSTANTIATE_TEST_SUITE_P(
    All, DkimKeyRecord,
    testing::Values(
        KeyCase{"whole", "v=DKIM1; h=sha1:sha256; k=rsa; n=x=20y; s=email; t=y:s; p=" + kRsa},
        KeyCase{"short", "p=" + kRsa},
        KeyCase{"folded", "p=" + kRsa.substr(0, 9) + " \t" + kRsa.substr(9) + " ;"},
        KeyCase{"unknown_tags", "v=DKIM1; g=*; p=" + kRsa},
        KeyCase{"ed25519", "v=DKIM1; k=ed25519; p=" + kEd},
        KeyCase{"revoked", "v=DKIM1; p=", DkimRule::KeyRevoked},
        KeyCase{"revoked_with_blanks", "v=DKIM1; p= ; t=s", DkimRule::KeyRevoked},
        KeyCase{"version_not_first", "p=" + kRsa + "; v=DKIM1", kUnusable, "come first"},
        KeyCase{"other_version", "v=DKIM2; p=" + kRsa, kUnusable, "v= is not DKIM1"},
        KeyCase{"lower_case_version", "v=dkim1; p=" + kRsa, kUnusable, "v= is not DKIM1"},
        KeyCase{"no_key", "v=DKIM1; k=rsa", kUnusable, "p= is missing"},
        KeyCase{"other_hash", "h=sha1; p=" + kRsa, kUnusable, "h= does not"},
        KeyCase{"other_service", "s=tlsrpt; p=" + kRsa, kUnusable, "s= is not"},
        KeyCase{"any_service", "s=tlsrpt:*; p=" + kRsa},
        KeyCase{"other_kind", "k=ecdsa; p=" + kRsa, kUnusable, "k= is neither"},
        KeyCase{"no_base64", "p=" + kRsa + "!", kUnusable, "no key in base64"},
        KeyCase{"cut", "p=" + kRsa.substr(0, 100), kUnusable, "no RSA key"},
        KeyCase{"bytes_behind", "p=" + kRsa + "AAAA", kUnusable, "no RSA key"},
        KeyCase{"ed25519_as_rsa", "p=" + kEd, kUnusable, "no RSA key"},
        // SubjectPublicKeyInfo of the same key, from RFC 8410's prefix.
        KeyCase{"ed25519_info_as_rsa", "p=MCowBQYDK2VwAyEA" + kEd, kUnusable, "no RSA key"},
        KeyCase{"ed25519_info", "k=ed25519; p=MCowBQYDK2VwAyEA" + kEd, kUnusable, "32 bytes"},
        KeyCase{"rsa_as_ed25519", "k=ed25519; p=" + kRsa, kUnusable, "32 bytes"},
        KeyCase{"no_list", "this is no key", kUnusable, "name=value"},
        KeyCase{"spf", "v=spf1 -all", kUnusable, "v= is not DKIM1"},
        KeyCase{"long", "p=" + kRsa + "; n=" + std::string(kKeyRecordBytesMax, 'x'), kUnusable,
                "8 KiB"}),
    [](const auto& row) { return row.param.name; });

TEST(DkimKey, HasFlags) {
    const auto plain = parse_dkim_key("p=" + kRsa);
    ASSERT_TRUE(plain);
    EXPECT_FALSE(plain->testing() || plain->no_subdomains());
    EXPECT_EQ(plain->algorithm(), DkimAlgorithm::RsaSha256);
    EXPECT_TRUE(parse_dkim_key("t= x : y; p=" + kRsa)->testing());
    const auto strict = parse_dkim_key("k=ed25519; t=s; p=" + kEd);
    ASSERT_TRUE(strict);
    EXPECT_TRUE(strict->no_subdomains());
    EXPECT_EQ(strict->algorithm(), DkimAlgorithm::Ed25519Sha256);
}

// A record of an RSA key of this many bits, all ones, and this exponent. No such key was ever made,
// but its size and exponent can be judged all the same.
std::string rsa_record(int bits, const char* exponent_hex) {
    BIGNUM* n = BN_new();
    BN_set_bit(n, bits);
    BN_sub_word(n, 1);
    BIGNUM* e = nullptr;
    BN_hex2bn(&e, exponent_hex);
    OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
    OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    EVP_PKEY* key = nullptr;
    EXPECT_EQ(EVP_PKEY_fromdata_init(context), 1);
    EXPECT_EQ(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    EXPECT_GT(size, 0);
    std::vector<unsigned char> text(4 * static_cast<std::size_t>(size));
    const int length = EVP_EncodeBlock(text.data(), der, size);
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(build);
    BN_free(e);
    BN_free(n);
    return "p=" + std::string(text.begin(), text.begin() + length);
}

struct StrengthCase {
    std::string name;
    int bits;
    const char* exponent;
    DkimRule rule;
};

void PrintTo(const StrengthCase& c, std::ostream* out) {
    *out << c.name;
}

class DkimKeyStrength : public testing::TestWithParam<StrengthCase> {};

TEST_P(DkimKeyStrength, IsJudged) {
    const StrengthCase& c = GetParam();
    const auto key = parse_dkim_key(rsa_record(c.bits, c.exponent));
    EXPECT_EQ(key ? DkimRule::Pass : key.error().rule, c.rule);
}

INSTANTIATE_TEST_SUITE_P(
    All, DkimKeyStrength,
    testing::Values(StrengthCase{"bits_512", 512, "10001", DkimRule::WeakKey},
                    StrengthCase{"bits_1023", 1023, "10001", DkimRule::WeakKey},
                    StrengthCase{"bits_1024", 1024, "10001", DkimRule::Pass},
                    StrengthCase{"bits_8192", 8192, "10001", DkimRule::Pass},
                    StrengthCase{"bits_8193", 8193, "10001", DkimRule::KeyUnusable},
                    StrengthCase{"exponent_3", 2048, "3", DkimRule::Pass},
                    StrengthCase{"exponent_1", 2048, "1", DkimRule::WeakKey},
                    StrengthCase{"exponent_even", 2048, "10000", DkimRule::WeakKey},
                    StrengthCase{"exponent_of_65_bits", 2048, "10000000000000001",
                                 DkimRule::WeakKey}),
    [](const auto& row) { return row.param.name; });

TEST(DkimKeyChoice, TakesTheOneKeyOfAName) {
    const std::string rsa = "v=DKIM1; p=" + kRsa;
    const std::string ed = "v=DKIM1; k=ed25519; p=" + kEd;
    const auto rule = [](const std::vector<std::string>& records) {
        const auto key = choose_dkim_key(records);
        return key ? DkimRule::Pass : key.error().rule;
    };
    EXPECT_EQ(rule({}), DkimRule::KeyMissing);
    EXPECT_EQ(rule({rsa}), DkimRule::Pass);
    EXPECT_EQ(rule({"v=spf1 -all", rsa, "something else"}), DkimRule::Pass);
    EXPECT_EQ(rule({rsa, ed}), DkimRule::KeyUnusable);
    EXPECT_EQ(rule({rsa, rsa}), DkimRule::KeyUnusable);
    EXPECT_EQ(rule({rsa, "v=DKIM1; p="}), DkimRule::KeyUnusable);
    EXPECT_EQ(rule({"v=spf1 -all", "v=DKIM1; p="}), DkimRule::KeyRevoked);
    EXPECT_EQ(rule({"v=spf1 -all", "x"}), DkimRule::KeyUnusable);
    std::vector<std::string> many(kKeyRecordsMax, "x");
    many.back() = rsa;
    EXPECT_EQ(rule(many), DkimRule::Pass);
    many.emplace_back("x");
    EXPECT_EQ(rule(many), DkimRule::KeyUnusable);
}

}  // namespace
}  // namespace fairlist::importer
