#include "server/net/query_handler.h"

#include "server/net/cookie_secrets.h"
#include "tests/support/scratch_store.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fairlist::net {
namespace {

using Bytes = std::vector<std::uint8_t>;

const answer::Client kUdpClient{.address = Address::from_v4(0xC0000201), .over_tcp = false};
const answer::Client kTcpClient{.address = Address::from_v4(0xC0000201), .over_tcp = true};
constexpr Moment kMoment{.wall = Time{1'700'000'000}, .monotonic_ms = 1000};

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

// Wire form of a name below bl.example.
Bytes name(const std::string& text) {
    Bytes bytes;
    std::string rest = text + ".bl.example.";
    while (!rest.empty()) {
        const std::size_t size = rest.find('.');
        bytes.push_back(static_cast<std::uint8_t>(size));
        bytes.insert(bytes.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
        rest.erase(0, size + 1);
    }
    bytes.push_back(0);
    return bytes;
}

Bytes query(const std::string& text) {
    return Bytes{0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0} + name(text) + Bytes{0, 1, 0, 1};
}

Bytes query_with_cookie(const std::string& text, const Bytes& cookie) {
    const auto size = static_cast<std::uint8_t>(cookie.size());
    return Bytes{0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1} + name(text) + Bytes{0, 1, 0, 1} +
           Bytes{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(size + 4)} +
           Bytes{0, 10, 0, size} + cookie;
}

const Bytes kFormErrQuery = {0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
const std::string kListed = "2.0.0.127";
const std::string kUnlisted = "1.0.0.127";

constexpr std::size_t kFlags = 2;
constexpr std::uint8_t kTruncated = 0x02;

class Handler {
  public:
    explicit Handler(const RateLimits& rate) : box_(settings(rate)) {
        store_.add_list("sbl");
        handler_ = std::make_unique<QueryHandler>(store_.environment(), box_, counters_);
    }

    Bytes answer(const Bytes& message, const answer::Client& client = kUdpClient) {
        Bytes out(dns::kTcpBytesMax);
        handler_->begin_batch(kMoment);
        const std::size_t size = handler_->answer(message, client, out);
        handler_->end_batch();
        out.resize(size);
        return out;
    }
    void publish(const RateLimits& rate) { box_.publish(settings(rate)); }
    const Counters& counters() const { return counters_; }

    struct Outcome {
        unsigned whole = 0;
        unsigned truncated = 0;
        unsigned silent = 0;
    };
    Outcome ask(const Bytes& message, unsigned count, const answer::Client& client = kUdpClient) {
        Outcome outcome;
        for (unsigned i = 0; i < count; ++i) {
            const Bytes response = answer(message, client);
            if (response.empty()) {
                ++outcome.silent;
            } else if ((response[kFlags] & kTruncated) != 0) {
                ++outcome.truncated;
            } else {
                ++outcome.whole;
            }
        }
        return outcome;
    }

  private:
    static std::shared_ptr<const Settings> settings(const RateLimits& rate) {
        ListSpec list;
        list.name = "sbl";
        ZoneSpec zone;
        zone.origin = *parse_domain("bl.example");
        zone.soa.mname = "ns1.bl.example";
        zone.soa.rname = "hostmaster.bl.example";
        zone.name_servers = {"ns1.bl.example"};
        zone.lists = {"sbl"};
        const auto zones =
            answer::make_zone_table({.lists = {list}, .zones = {zone}, .version = {}, .nsid = {}});
        EXPECT_TRUE(zones.has_value());
        const dns::CookieSecret secret{1, 2, 3};
        return std::make_shared<const Settings>(
            Settings{.zones = *zones,
                     .cookies = dns::CookieSigner(std::span(&secret, 1)),
                     .nsid = {},
                     .udp_bytes_max = dns::kUdpBytesMaxDefault,
                     .rate = rate,
                     .tcp = {}});
    }

    test::ScratchStore store_;
    Counters counters_;
    SettingsBox box_;
    std::unique_ptr<QueryHandler> handler_;
};

TEST(QueryHandler, CountsByRcode) {
    Handler handler({});
    handler.ask(query(kListed), 3);
    handler.ask(query(kUnlisted), 2);
    handler.ask(kFormErrQuery, 1);
    handler.ask({0x12}, 4);
    EXPECT_EQ(handler.counters().queries.value(), 10U);
    EXPECT_EQ(handler.counters().rcodes[0].value(), 3U);
    EXPECT_EQ(handler.counters().rcodes[3].value(), 2U);
    EXPECT_EQ(handler.counters().rcodes[1].value(), 1U);
    EXPECT_EQ(handler.counters().dropped.value(), 4U);
    EXPECT_EQ(handler.counters().busy_since_ms.value(), 0U);
}

struct LimitCase {
    std::string name;
    RateLimits rate;
    Bytes message;
    unsigned whole;
    unsigned truncated;
    unsigned silent;
};

class QueryHandlerLimit : public testing::TestWithParam<LimitCase> {};

TEST_P(QueryHandlerLimit, OfTenOverUdp) {
    const LimitCase& c = GetParam();
    Handler handler(c.rate);
    const Handler::Outcome outcome = handler.ask(c.message, 10);
    EXPECT_EQ(outcome.whole, c.whole);
    EXPECT_EQ(outcome.truncated, c.truncated);
    EXPECT_EQ(outcome.silent, c.silent);
}

TEST_P(QueryHandlerLimit, NoneOverTcp) {
    Handler handler(GetParam().rate);
    EXPECT_EQ(handler.ask(GetParam().message, 10, kTcpClient).whole, 10U);
}

const std::vector<LimitCase> kLimitCases = {
    {"positive", {.positive = 4, .slip = 2}, query(kListed), 4, 3, 3},
    {"negative", {.negative = 4, .slip = 2}, query(kUnlisted), 4, 3, 3},
    {"negative_is_not_positive", {.positive = 4, .slip = 2}, query(kUnlisted), 10, 0, 0},
    // An error that slips through is sent as it is: TC would not make it shorter.
    {"error", {.error = 4, .slip = 2}, kFormErrQuery, 7, 0, 3},
    {"silent", {.error = 4, .slip = 0}, kFormErrQuery, 4, 0, 6},
};

INSTANTIATE_TEST_SUITE_P(Table, QueryHandlerLimit, testing::ValuesIn(kLimitCases),
                         [](const auto& param) { return param.param.name; });

// The server cookie of a response, with the client's part before it.
Bytes cookie_of(const Bytes& response) {
    constexpr std::ptrdiff_t kCookieBytes = 24;
    return {response.end() - kCookieBytes, response.end()};
}

TEST(QueryHandler, CookieThatIsOursLiftsTheLimit) {
    Handler handler({.positive = 1, .slip = 0});
    const Bytes client_cookie(8, 0x11);
    const Bytes cookie = cookie_of(handler.answer(query_with_cookie(kListed, client_cookie)));
    EXPECT_EQ(handler.ask(query_with_cookie(kListed, cookie), 50).whole, 50U);
}

TEST(QueryHandler, CookieOfAnotherDoesNot) {
    Handler handler({.positive = 1, .slip = 0});
    const Bytes client_cookie(8, 0x11);
    Bytes cookie = cookie_of(handler.answer(query_with_cookie(kListed, client_cookie)));
    cookie.back() ^= 1U;
    EXPECT_EQ(handler.ask(query_with_cookie(kListed, cookie), 50).whole, 0U);
    EXPECT_EQ(handler.ask(query_with_cookie(kListed, client_cookie), 50).whole, 0U);
}

// RFC 7873 section 5.4: without a question, a cookie is asked about: NOERROR when it holds or
// there is none of ours yet, BADCOOKIE (23, upper bits in OPT) when it does not.
TEST(QueryHandler, CookieAloneIsJudged) {
    const auto alone = [](const Bytes& cookie) {
        const auto size = static_cast<std::uint8_t>(cookie.size());
        return Bytes{0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1} +
               Bytes{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(size + 4)} +
               Bytes{0, 10, 0, size} + cookie;
    };
    const auto rcode = [](const Bytes& response) {
        constexpr std::size_t kOptRcode = 12 + 5;
        return (response.at(kOptRcode) << 4) | (response.at(3) & 0xF);
    };
    Handler handler({});
    const Bytes first = handler.answer(alone(Bytes(8, 0x11)));
    EXPECT_EQ(rcode(first), 0);
    Bytes cookie = cookie_of(first);
    EXPECT_EQ(rcode(handler.answer(alone(cookie))), 0);
    cookie.back() ^= 1U;
    EXPECT_EQ(rcode(handler.answer(alone(cookie))), 23);
}

TEST(QueryHandler, CookieIsBoundToItsClient) {
    Handler handler({.positive = 1, .slip = 0});
    const Bytes cookie =
        cookie_of(handler.answer(query_with_cookie(kListed, Bytes(8, 0x11)), kTcpClient));
    const answer::Client other{.address = Address::from_v4(0xC0000301), .over_tcp = false};
    EXPECT_EQ(handler.ask(query_with_cookie(kListed, cookie), 5, other).whole, 1U);
}

TEST(QueryHandler, NewSettingsHoldFromTheNextBatch) {
    Handler handler({});
    EXPECT_EQ(handler.ask(query(kListed), 10).whole, 10U);
    handler.publish({.positive = 2, .slip = 0});
    EXPECT_EQ(handler.ask(query(kListed), 10).whole, 2U);
    handler.publish({});
    EXPECT_EQ(handler.ask(query(kListed), 10).whole, 10U);
}

}  // namespace
}  // namespace fairlist::net
