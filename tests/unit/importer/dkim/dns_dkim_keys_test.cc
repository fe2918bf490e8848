#include "importer/dkim/dns_dkim_keys.h"

#include "importer/dkim/resolv_conf.h"
#include "tests/unit/importer/dkim/dns_responder.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

const std::string kName = "trap4711._domainkey.example.com";
constexpr std::uint16_t kTruncated = 0x8380;
constexpr std::uint16_t kServfail = 0x8182;
constexpr std::uint16_t kNxdomain = 0x8183;

const Address kLoopback = Address::from_v4(0x7F00'0001);

// Asks one responder (or more), at a time that the test sets.
class Asker {
  public:
    explicit Asker(std::vector<std::uint16_t> ports, std::chrono::milliseconds timeout = 10s) {
        DnsOptions options;
        for (const std::uint16_t port : ports) {
            options.servers.push_back({kLoopback, port});
        }
        options.timeout = timeout;
        options.clock = [this] {
            return time;
        };
        keys_ = std::move(DnsDkimKeys::open(std::move(options)).value());
    }

    Result<std::vector<std::string>> find(std::string_view name = kName) {
        return keys_->find(name);
    }

    Time time{1'000'000};

  private:
    std::unique_ptr<DnsDkimKeys> keys_;
};

DnsResponder::Answer always(DnsReplyParts parts) {
    return [parts = std::move(parts)](const std::string& query, bool) {
        return std::vector{dns_reply(query, parts)};
    };
}

void expect_error(const Result<std::vector<std::string>>& found, Errc code) {
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, code) << found.error().message;
    EXPECT_THAT(found.error().message, Not(HasSubstr("4711")));
}

TEST(DnsDkimKeys, FindsRecordsWithTheirStringsJoined) {
    DnsResponder server(
        always({.answers = {dns_txt("", 60, {"v=DKIM1; ", "p=", std::string(255, 'A'), "", "=="}),
                            dns_txt("", 60, {"another"}), dns_txt("x.example", 60, {"no"})},
                .authority = {}}));
    Asker asker({server.port()});
    const auto found = asker.find();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre("v=DKIM1; p=" + std::string(255, 'A') + "==", "another"));
    EXPECT_EQ(asked_name(server.last_query()), kName);
}

TEST(DnsDkimKeys, FollowsAliasesInTheReply) {
    DnsResponder server(always(
        {.answers = {dns_txt("key.esp.example", 60, {"p=x"}), dns_alias("", 60, "a.esp.example"),
                     dns_alias("A.ESP.example", 60, "key.esp.example")},
         .authority = {}}));
    Asker asker({server.port()});
    const auto found = asker.find();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre("p=x"));
}

TEST(DnsDkimKeys, EndsALoopOfAliases) {
    DnsResponder server(
        always({.answers = {dns_alias("", 60, "a.example"), dns_alias("a.example", 60, kName)},
                .authority = {}}));
    Asker asker({server.port()});
    expect_error(asker.find(), Errc::NotFound);
}

struct EmptyCase {
    std::string name;
    DnsReplyParts parts;
    Errc code;
};

void PrintTo(const EmptyCase& c, std::ostream* out) {
    *out << c.name;
}

class DnsDkimKeysWithout : public testing::TestWithParam<EmptyCase> {};

TEST_P(DnsDkimKeysWithout, SaysWhetherThereIsNone) {
    DnsResponder server(always(GetParam().parts));
    Asker asker({server.port()});
    expect_error(asker.find(), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    All, DnsDkimKeysWithout,
    testing::Values(
        EmptyCase{"nxdomain", {.flags = kNxdomain, .answers = {}, .authority = {}}, Errc::NotFound},
        EmptyCase{"nodata", {.answers = {}, .authority = {}}, Errc::NotFound},
        EmptyCase{
            "alias_to_nothing",
            {.flags = kNxdomain, .answers = {dns_alias("", 60, "gone.example")}, .authority = {}},
            Errc::NotFound},
        EmptyCase{"servfail", {.flags = kServfail, .answers = {}, .authority = {}}, Errc::Io},
        EmptyCase{"refused", {.flags = 0x8185, .answers = {}, .authority = {}}, Errc::Io},
        EmptyCase{"does_not_resolve", {.flags = 0x8100, .answers = {}, .authority = {}}, Errc::Io}),
    [](const auto& row) { return row.param.name; });

TEST(DnsDkimKeys, GivesUpInTime) {
    DnsResponder server([](const std::string&, bool) { return std::vector<std::string>(); });
    Asker asker({server.port()}, 100ms);
    const auto begin = std::chrono::steady_clock::now();
    expect_error(asker.find(), Errc::Io);
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, 5s);
    EXPECT_EQ(server.udp_queries(), 2U);  // a datagram may get lost
}

TEST(DnsDkimKeys, AsksAgainWhenADatagramIsLost) {
    std::size_t queries = 0;
    DnsResponder server([&](const std::string& query, bool) {
        return ++queries == 1 ? std::vector<std::string>()
                              : std::vector{dns_reply(
                                    query, {.answers = {dns_txt("", 60, {"x"})}, .authority = {}})};
    });
    Asker asker({server.port()}, 600ms);
    EXPECT_TRUE(asker.find());
}

TEST(DnsDkimKeys, PassesOverRepliesToOtherQuestions) {
    DnsResponder server([](const std::string& query, bool) {
        const DnsReplyParts forged{.answers = {dns_txt("", 60, {"forged"})}, .authority = {}};
        const DnsReplyParts good{.answers = {dns_txt("", 60, {"good"})}, .authority = {}};
        std::string other_id = dns_reply(query, forged);
        other_id[1] = static_cast<char>(other_id[1] ^ 1);
        std::string other_name = dns_reply(query, forged);
        other_name[13] = 'x';
        std::string other_type = dns_reply(query, forged);
        other_type[12 + dns_name(kName).size() + 1] = 1;
        std::string other_class = dns_reply(query, forged);
        other_class[12 + dns_name(kName).size() + 3] = 3;
        std::string no_reply = dns_reply(query, forged);
        no_reply[2] = 1;
        std::string no_question = dns_reply(query, forged);
        no_question[5] = 0;
        std::string cut = dns_reply(query, forged);
        cut.resize(cut.size() - 3);
        return std::vector<std::string>{
            other_id,    other_name, other_type,         other_class, no_reply,
            no_question, cut,        query.substr(0, 5), "",          dns_reply(query, good)};
    });
    Asker asker({server.port()});
    const auto found = asker.find();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre("good"));
    EXPECT_EQ(server.udp_queries(), 1U);
}

TEST(DnsDkimKeys, PassesOverOnlySoMany) {
    DnsResponder server([](const std::string& query, bool) {
        std::string other = dns_reply(query, {.answers = {}, .authority = {}});
        other[0] = static_cast<char>(other[0] ^ 1);
        return std::vector<std::string>(kForeignRepliesMax, other);
    });
    Asker asker({server.port()});
    expect_error(asker.find(), Errc::Io);
}

class DnsDkimKeysOverTcp : public testing::TestWithParam<std::size_t> {};

TEST_P(DnsDkimKeysOverTcp, AskAgainWhenTheReplyIsCut) {
    DnsResponder server([](const std::string& query, bool tcp) {
        const std::string text(200, 'x');
        DnsReplyParts parts{.answers = {dns_txt("", 60, std::vector<std::string>(20, text))},
                            .authority = {}};
        if (tcp) {
            return std::vector{dns_reply(query, parts)};
        }
        parts.flags = kTruncated;
        parts.answers = {dns_txt("", 60, {"part"})};
        std::string cut = dns_reply(query, parts);
        cut.resize(cut.size() - GetParam());
        return std::vector{cut};
    });
    Asker asker({server.port()});
    const auto found = asker.find();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(std::string(4000, 'x')));
    EXPECT_EQ(server.udp_queries(), 1U);
    EXPECT_EQ(server.tcp_queries(), 1U);
}

// Between two records, and in the middle of one.
INSTANTIATE_TEST_SUITE_P(All, DnsDkimKeysOverTcp, testing::Values(0, 3));

TEST(DnsDkimKeys, TakesNoBrokenReplyOverTcp) {
    DnsResponder server([](const std::string& query, bool tcp) {
        const std::string reply = dns_reply(
            query, {.flags = kTruncated, .answers = {dns_txt("", 60, {"x"})}, .authority = {}});
        return tcp ? std::vector<std::string>() : std::vector{reply};
    });
    Asker asker({server.port()});
    expect_error(asker.find(), Errc::Io);
    EXPECT_EQ(server.tcp_queries(), 2U);
}

TEST(DnsDkimKeys, AsksTheNextServer) {
    DnsResponder broken(always({.flags = kServfail, .answers = {}, .authority = {}}));
    DnsResponder good(always({.answers = {dns_txt("", 60, {"x"})}, .authority = {}}));
    std::uint16_t closed = 0;
    {
        const DnsResponder gone(always({}));
        closed = gone.port();
    }
    Asker asker({closed, broken.port(), good.port()});
    const auto found = asker.find();
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_EQ(broken.udp_queries(), 1U);
}

TEST(DnsDkimKeys, KeepsWhatItFound) {
    DnsResponder server(
        always({.answers = {dns_alias("", 30, "k.example"), dns_txt("k.example", 60, {"x"})},
                .authority = {}}));
    Asker asker({server.port()});
    ASSERT_TRUE(asker.find());
    asker.time.seconds += 29;
    ASSERT_TRUE(asker.find());
    EXPECT_EQ(server.udp_queries(), 1U);
    ASSERT_TRUE(asker.find("other._domainkey.example.com"));
    EXPECT_EQ(server.udp_queries(), 2U);
    asker.time.seconds += 1;
    ASSERT_TRUE(asker.find());
    EXPECT_EQ(server.udp_queries(), 3U);
}

struct MissingCase {
    std::string name;
    std::vector<std::string> authority;
    std::uint32_t seconds;  // how long it is kept
};

void PrintTo(const MissingCase& c, std::ostream* out) {
    *out << c.name;
}

class DnsDkimKeysMissing : public testing::TestWithParam<MissingCase> {};

TEST_P(DnsDkimKeysMissing, AreKeptAsTheZoneSays) {
    const MissingCase& c = GetParam();
    DnsResponder server(always({.flags = kNxdomain, .answers = {}, .authority = c.authority}));
    Asker asker({server.port()});
    expect_error(asker.find(), Errc::NotFound);
    if (c.seconds > 0) {
        asker.time.seconds += c.seconds - 1;
        expect_error(asker.find(), Errc::NotFound);
        EXPECT_EQ(server.udp_queries(), 1U);
        asker.time.seconds += 1;
    }
    expect_error(asker.find(), Errc::NotFound);
    EXPECT_EQ(server.udp_queries(), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    All, DnsDkimKeysMissing,
    testing::Values(MissingCase{"minimum", {dns_soa("example.com", 200, 100)}, 100},
                    MissingCase{"ttl", {dns_soa("example.com", 50, 100)}, 50},
                    MissingCase{"limit", {dns_soa("example.com", 9000, 9000)}, kMissingSecondsMax},
                    MissingCase{"no_soa", {}, 0}),
    [](const auto& row) { return row.param.name; });

TEST(DnsDkimKeys, KeepsNoFailure) {
    DnsResponder server(always({.flags = kServfail, .answers = {}, .authority = {}}));
    Asker asker({server.port()});
    expect_error(asker.find(), Errc::Io);
    EXPECT_EQ(server.udp_queries(), 2U);
    expect_error(asker.find(), Errc::Io);
    EXPECT_EQ(server.udp_queries(), 4U);
}

TEST(DnsDkimKeysOptions, AreChecked) {
    const auto opens = [](DnsOptions options) {
        return DnsDkimKeys::open(std::move(options)).has_value();
    };
    EXPECT_TRUE(opens({.servers = {{kLoopback}}}));
    EXPECT_FALSE(opens({.servers = std::vector<DnsServer>(kDnsServersMax + 1, {kLoopback})}));
    EXPECT_FALSE(opens({.servers = {{kLoopback}}, .timeout = 0ms}));
    EXPECT_FALSE(opens({.servers = {{kLoopback}}, .timeout = kDnsTimeoutMax + 1ms}));
    EXPECT_FALSE(opens({.servers = {}, .resolv_conf = "/nonexistent/resolv.conf"}));
}

std::vector<std::string> resolvers(const std::string& text, std::size_t max = 8) {
    const TestFolder folder;
    const auto read = read_resolv_conf(folder.write("resolv.conf", text), max);
    std::vector<std::string> out;
    for (const DnsServer& server : read.value_or(std::vector<DnsServer>())) {
        EXPECT_EQ(server.port, 53);
        out.push_back(to_string(server.address));
    }
    return out;
}

TEST(ResolvConf, NamesTheResolvers) {
    EXPECT_THAT(resolvers("# comment\nsearch example.com\nnameserver 192.0.2.1\n"
                          "options edns0\nnameserver 2001:db8::53\n"),
                ElementsAre("192.0.2.1", "2001:db8::53"));
    EXPECT_THAT(resolvers("nameserver 192.0.2.1\nnameserver 192.0.2.2\n", 1),
                ElementsAre("192.0.2.1"));
    EXPECT_THAT(resolvers("search example.com\n"), ElementsAre());
}

}  // namespace
}  // namespace fairlist::importer
