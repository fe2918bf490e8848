#include "server/dns/cookie.h"

#include "tests/unit/server/dns/message_bytes.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::dns {
namespace {

constexpr std::string_view kSecretA = "e5e973e5a6b2a43f48e7dc849e37bfcf";
constexpr std::string_view kSecretOld = "dd3bdf9344b678b185a6f5cb60fca715";
constexpr std::string_view kSecretNew = "445536bcd2513298075a5d379663c962";

CookieSecret secret(std::string_view hex) {
    CookieSecret bytes{};
    std::ranges::copy(test::from_hex(hex), bytes.begin());
    return bytes;
}

CookieSigner signer(const std::vector<std::string_view>& secrets) {
    std::vector<CookieSecret> bytes;
    std::ranges::transform(secrets, std::back_inserter(bytes), secret);
    return CookieSigner(bytes);
}

// A whole COOKIE option: client cookie, then server cookie.
Cookie cookie(std::string_view hex) {
    const test::Bytes bytes = test::from_hex(hex);
    Cookie presented{.present = true};
    std::copy_n(bytes.begin(), 8, presented.client.begin());
    std::copy(bytes.begin() + 8, bytes.end(), presented.server.begin());
    presented.server_size = static_cast<std::uint8_t>(bytes.size() - 8);
    return presented;
}

Address address(std::string_view text) {
    return parse_address(text).value();
}

ServerCookie server_part(std::string_view hex) {
    ServerCookie bytes{};
    std::ranges::copy(test::from_hex(hex.substr(16)), bytes.begin());
    return bytes;
}

// The examples of RFC 9018 appendix A. In A.3 the client's cookie is older than the hour that
// section 4.3 allows, so that it is checked at the time it was made.
struct Example {
    std::string name;
    std::vector<std::string_view> secrets;
    std::string_view client;
    std::string_view presented;
    std::uint32_t checked_at;
    bool valid;
    std::uint32_t answered_at;
    std::string_view reply;
};

class CookieExample : public testing::TestWithParam<Example> {};

TEST_P(CookieExample, OfRfc9018AppendixA) {
    const Example& row = GetParam();
    const CookieSigner signer = dns::signer(row.secrets);
    const Cookie presented = cookie(row.presented);
    EXPECT_EQ(signer.check(presented, address(row.client), {row.checked_at}), row.valid);
    const CookieReply reply =
        signer.make_response_cookie(presented, address(row.client), {row.answered_at});
    EXPECT_EQ(reply.cookie, server_part(row.reply));
}

const std::vector<Example> kExamples = {
    {"a1_learning",
     {kSecretA},
     "198.51.100.100",
     "2464c4abcf10c957",
     1559731985,
     false,
     1559731985,
     "2464c4abcf10c957010000005cf79f111f8130c3eee29480"},
    {"a2_renewal",
     {kSecretA},
     "198.51.100.100",
     "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
     1559734385,
     true,
     1559734385,
     "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"},
    {"a3_reserved_octets_set",
     {kSecretA},
     "203.0.113.203",
     "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5",
     1559727985,
     true,
     1559734700,
     "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"},
    {"a4_rolled_secret",
     {kSecretNew, kSecretOld},
     "2001:db8:220:1:59de:d0f4:8769:82b8",
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
     1559741961,
     true,
     1559741961,
     "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
    {"a4_secret_forgotten",
     {kSecretNew},
     "2001:db8:220:1:59de:d0f4:8769:82b8",
     "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
     1559741961,
     false,
     1559741961,
     "22681ab97d52c298010000005cf7c609a6bb79d16625507a"},
};

INSTANTIATE_TEST_SUITE_P(Rfc9018, CookieExample, testing::ValuesIn(kExamples),
                         [](const auto& param) { return param.param.name; });

// A cookie made at `made`, seen at `seen` (RFC 9018 section 4.3).
struct Age {
    std::string name;
    std::uint32_t made;
    std::uint32_t seen;
    bool valid;
    bool reused;
};

class CookieAge : public testing::TestWithParam<Age> {};

TEST_P(CookieAge, DecidesValidityAndRenewal) {
    const Age& row = GetParam();
    const CookieSigner signer = dns::signer({kSecretA});
    const Address client = address("192.0.2.1");
    Cookie presented = cookie("2464c4abcf10c957");
    const ServerCookie made = signer.make(presented.client, client, {row.made});
    std::ranges::copy(made, presented.server.begin());
    presented.server_size = kServerCookieBytes;

    EXPECT_EQ(signer.check(presented, client, {row.seen}), row.valid);
    const CookieReply reply = signer.make_response_cookie(presented, client, {row.seen});
    EXPECT_EQ(reply.valid, row.valid);
    EXPECT_EQ(reply.cookie, row.reused ? made : signer.make(presented.client, client, {row.seen}));
}

const std::vector<Age> kAges = {
    {"new", 1'000'000, 1'000'000, true, true},
    {"just_below_half_an_hour", 1'000'000, 1'001'799, true, true},
    {"half_an_hour", 1'000'000, 1'001'800, true, false},
    {"an_hour", 1'000'000, 1'003'600, true, false},
    {"over_an_hour", 1'000'000, 1'003'601, false, false},
    {"five_minutes_ahead", 1'000'300, 1'000'000, true, true},
    {"over_five_minutes_ahead", 1'000'301, 1'000'000, false, false},
    {"across_the_end_of_32_bits", 0xFFFF'FFF0, 0x0000'0010, true, true},
    {"half_the_space_away", 0x0000'0000, 0x8000'0000, false, false},
};

INSTANTIATE_TEST_SUITE_P(Rfc9018, CookieAge, testing::ValuesIn(kAges),
                         [](const auto& param) { return param.param.name; });

class PresentedCookie : public testing::Test {
  protected:
    CookieSigner signer_ = signer({kSecretA});
    Address client_ = address("198.51.100.100");
    Time time_{1559731985};
    Cookie good_ = cookie("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
};

TEST_F(PresentedCookie, IsGood) {
    EXPECT_TRUE(signer_.check(good_, client_, time_));
}

TEST_F(PresentedCookie, WithAnyBitOfTheServerPartChangedIsRefused) {
    for (std::size_t bit = 0; bit < kServerCookieBytes * 8; ++bit) {
        Cookie changed = good_;
        changed.server[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(signer_.check(changed, client_, time_)) << "bit " << bit;
    }
}

TEST_F(PresentedCookie, WithAnyBitOfTheClientPartChangedIsRefused) {
    for (std::size_t bit = 0; bit < good_.client.size() * 8; ++bit) {
        Cookie changed = good_;
        changed.client[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        EXPECT_FALSE(signer_.check(changed, client_, time_)) << "bit " << bit;
    }
}

TEST_F(PresentedCookie, FromAnotherAddressIsRefused) {
    EXPECT_FALSE(signer_.check(good_, address("198.51.100.101"), time_));
    EXPECT_FALSE(signer_.check(good_, address("2001:db8::c633:6464"), time_));
}

TEST_F(PresentedCookie, OfAnotherLengthIsRefused) {
    for (const std::uint8_t size :
         {std::uint8_t{0}, std::uint8_t{8}, std::uint8_t{17}, std::uint8_t{32}}) {
        Cookie changed = good_;
        changed.server_size = size;
        EXPECT_FALSE(signer_.check(changed, client_, time_)) << int{size};
    }
}

// Signed as version 1 would be: the number alone has to refuse it.
TEST_F(PresentedCookie, OfAnotherVersionIsRefused) {
    Cookie changed = good_;
    changed.server[0] = 2;
    const auto prefix = std::span(changed.server).first(8);
    test::Bytes input(changed.client.begin(), changed.client.end());
    input.insert(input.end(), prefix.begin(), prefix.end());
    input.insert(input.end(), {198, 51, 100, 100});
    crypto_shorthash(&changed.server[8], input.data(), input.size(), secret(kSecretA).data());
    EXPECT_FALSE(signer_.check(changed, client_, time_));
}

TEST_F(PresentedCookie, OfEverySecretInUseIsAccepted) {
    const CookieSigner rolled = signer({kSecretNew, kSecretOld, kSecretA});
    EXPECT_TRUE(rolled.check(good_, client_, time_));
    const CookieReply reply = rolled.make_response_cookie(good_, client_, time_);
    EXPECT_TRUE(reply.valid);
    EXPECT_EQ(reply.cookie, signer({kSecretNew}).make(good_.client, client_, time_));
}

}  // namespace
}  // namespace fairlist::dns
