#include "server/net/cookie_secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace fairlist::net {
namespace {

// The secret of RFC 9018 appendix A.1.
constexpr const char* kRfcSecret = "e5e973e5a6b2a43f48e7dc849e37bfcf";

struct SecretsCase {
    std::string name;
    std::string content;
    std::size_t count;  // 0: an error
    std::string message;
};

class CookieSecrets : public testing::TestWithParam<SecretsCase> {
  protected:
    CookieSecrets()
        : file_(std::filesystem::path(testing::TempDir()) / ("cookie_secrets_" + GetParam().name)) {
        std::ofstream(file_) << GetParam().content;
    }
    ~CookieSecrets() override { std::filesystem::remove(file_); }

    std::filesystem::path file_;
};

TEST_P(CookieSecrets, Read) {
    const SecretsCase& c = GetParam();
    const auto secrets = read_cookie_secrets(file_);
    if (c.count == 0) {
        ASSERT_FALSE(secrets.has_value());
        EXPECT_THAT(secrets.error().message, testing::HasSubstr(c.message));
        return;
    }
    ASSERT_TRUE(secrets.has_value()) << secrets.error().message;
    ASSERT_EQ(secrets->size(), c.count);
    EXPECT_EQ(secrets->front()[0], 0xE5);
    EXPECT_EQ(secrets->front()[15], 0xCF);
}

const std::string kSecret = kRfcSecret;

INSTANTIATE_TEST_SUITE_P(
    Table, CookieSecrets,
    testing::Values(
        SecretsCase{"one", kSecret + "\n", 1, ""}, SecretsCase{"no_final_newline", kSecret, 1, ""},
        SecretsCase{"upper_case", "E5E973E5A6B2A43F48E7DC849E37BFCF\n", 1, ""},
        SecretsCase{"newest_first", kSecret + "\n445536bcd2513298075a5d379663c962\n", 2, ""},
        SecretsCase{"comments", "# rolled in November\n\n" + kSecret + "\n", 1, ""},
        SecretsCase{"empty", "", 0, "0 secrets, expected 1 to 4"},
        SecretsCase{"too_many",
                    kSecret + "\n" + kSecret + "\n" + kSecret + "\n" + kSecret + "\n" + kSecret, 0,
                    "5 secrets, expected 1 to 4"},
        SecretsCase{"short_line", kSecret + "\ne5e9\n", 0, ":2: expected 32 hexadecimal digits"},
        SecretsCase{"long_line", kSecret + "00\n", 0, ":1: expected 32 hexadecimal digits"},
        SecretsCase{"not_hex", "x5e973e5a6b2a43f48e7dc849e37bfcf\n", 0,
                    ":1: expected 32 hexadecimal digits"}),
    [](const auto& param) { return param.param.name; });

TEST(CookieSecretsFile, MissingIsAnError) {
    const auto secrets = read_cookie_secrets("no/such/file");
    ASSERT_FALSE(secrets.has_value());
    EXPECT_EQ(secrets.error().code, Errc::Io);
}

TEST(CookieSecretsFile, RandomOnesDiffer) {
    EXPECT_NE(make_random_cookie_secret(), make_random_cookie_secret());
}

}  // namespace
}  // namespace fairlist::net
