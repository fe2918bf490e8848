#include "server/http/client_limits.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>

namespace fairlist::http {
namespace {

constexpr std::uint64_t kStartMs = 1'000'000;

Address address(const std::string& text) {
    return *parse_address(text);
}

Address numbered(std::uint32_t number) {
    return Address::from_v4(0x0A000000U + number);
}

unsigned served(ClientLimits& limits, const Address& client, unsigned requests,
                std::uint64_t now_ms) {
    unsigned out = 0;
    for (unsigned i = 0; i < requests; ++i) {
        out += limits.charge(client, now_ms) == 0 ? 1U : 0U;
    }
    return out;
}

TEST(ClientLimits, BurstAndThenTheRate) {
    ClientLimits limits(1, {.per_second = 2, .burst = 5});
    const Address client = address("192.0.2.1");
    EXPECT_EQ(served(limits, client, 10, kStartMs), 5U);
    EXPECT_EQ(served(limits, client, 10, kStartMs + 499), 0U);
    EXPECT_EQ(served(limits, client, 10, kStartMs + 500), 1U);
    EXPECT_EQ(served(limits, client, 10, kStartMs + 1500), 2U);
    EXPECT_EQ(served(limits, client, 10, kStartMs + 100'000'000), 5U);
    // A clock that goes back gives nothing.
    EXPECT_EQ(served(limits, client, 10, kStartMs), 0U);
}

TEST(ClientLimits, SaysWhenToComeAgain) {
    ClientLimits fast(1, {.per_second = 10, .burst = 1});
    ClientLimits slow(1, {.per_second = 1, .burst = 1});
    const Address client = address("192.0.2.1");
    EXPECT_EQ(fast.charge(client, kStartMs), 0U);
    EXPECT_EQ(fast.charge(client, kStartMs), 1U);
    EXPECT_EQ(slow.charge(client, kStartMs), 0U);
    EXPECT_EQ(slow.charge(client, kStartMs), 1U);
}

TEST(ClientLimits, ZeroIsNoLimit) {
    ClientLimits limits(1, {.per_second = 0, .burst = 0});
    EXPECT_EQ(served(limits, address("192.0.2.1"), 10'000, kStartMs), 10'000U);
}

struct NetworkCase {
    std::string name;
    std::string a;
    std::string b;
    bool is_one;
};

class ClientNetwork : public testing::TestWithParam<NetworkCase> {};

TEST_P(ClientNetwork, Of) {
    EXPECT_EQ(client_network(address(GetParam().a)) == client_network(address(GetParam().b)),
              GetParam().is_one);
}

INSTANTIATE_TEST_SUITE_P(
    Addresses, ClientNetwork,
    testing::Values(NetworkCase{"v4", "192.0.2.1", "192.0.2.2", false},
                    NetworkCase{"one_56", "2001:db8:0:ff00::1", "2001:db8:0:ffff::2", true},
                    NetworkCase{"two_56", "2001:db8:0:fe00::1", "2001:db8:0:ff00::1", false},
                    NetworkCase{"v4_and_v6", "0.0.0.0", "::", false}),
    [](const auto& param) { return param.param.name; });

TEST(ClientLimits, ConnectionsOfOneClient) {
    ClientLimits limits(2, {});
    const Address client = address("192.0.2.1");
    EXPECT_TRUE(limits.open(client, kStartMs));
    EXPECT_TRUE(limits.open(client, kStartMs));
    EXPECT_FALSE(limits.open(client, kStartMs));
    EXPECT_TRUE(limits.open(address("192.0.2.2"), kStartMs));
    limits.close(client, kStartMs);
    EXPECT_TRUE(limits.open(client, kStartMs));
    EXPECT_FALSE(limits.open(client, kStartMs));
}

TEST(ClientLimits, ForgetsTheQuietButNoneThatIsConnected) {
    ClientLimits limits(1, {.per_second = 1, .burst = 1});
    EXPECT_TRUE(limits.open(numbered(0), kStartMs));
    EXPECT_EQ(limits.charge(numbered(0), kStartMs), 0U);
    EXPECT_EQ(limits.charge(numbered(1), kStartMs), 0U);
    for (std::uint32_t i = 2; i < 2 * ClientLimits::kClientsMax; ++i) {
        EXPECT_EQ(limits.charge(numbered(i), kStartMs), 0U);
        ASSERT_LE(limits.clients(), ClientLimits::kClientsMax);
    }
    EXPECT_FALSE(limits.open(numbered(0), kStartMs));
    EXPECT_NE(limits.charge(numbered(0), kStartMs), 0U);
    EXPECT_EQ(limits.charge(numbered(1), kStartMs), 0U);
}

// The slow twin: when each request was served, and the bucket from all of that, in fractions.
class Twin {
  public:
    explicit Twin(const RequestRate& rate) : rate_(rate) {}

    bool charge(const Address& client, std::uint64_t now_ms) {
        auto [bucket, is_new] = buckets_.try_emplace(client, rate_.burst, now_ms);
        auto& [credit, seen_ms] = bucket->second;
        credit = std::min<long double>(
            rate_.burst,
            credit + (static_cast<long double>(now_ms - seen_ms) * rate_.per_second / 1000));
        seen_ms = now_ms;
        // Thousandths are exact; the fraction is not.
        if (std::round(credit * 1000) < 1000) {
            return false;
        }
        credit -= 1;
        return true;
    }

  private:
    RequestRate rate_;
    std::map<Address, std::pair<long double, std::uint64_t>> buckets_;
};

TEST(ClientLimits, SameAsTheTwin) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        std::mt19937 engine(seed);
        const auto random = [&] {
            return static_cast<std::uint32_t>(engine());
        };
        const RequestRate rate{.per_second = 1 + (random() % 50), .burst = 1 + (random() % 20)};
        ClientLimits limits(1, rate);
        Twin twin(rate);
        std::uint64_t now_ms = kStartMs;
        unsigned served_count = 0;
        for (unsigned i = 0; i < 5000; ++i) {
            now_ms += random() % 4;
            const Address client = numbered(random() % 5);
            const bool is_served = limits.charge(client, now_ms) == 0;
            ASSERT_EQ(is_served, twin.charge(client, now_ms)) << "seed " << seed << " step " << i;
            served_count += is_served ? 1U : 0U;
        }
        EXPECT_GT(served_count, 0U);
        EXPECT_LT(served_count, 5000U);
    }
}

}  // namespace
}  // namespace fairlist::http
