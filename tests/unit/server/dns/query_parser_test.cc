#include "server/dns/query_parser.h"

#include "tests/unit/server/dns/message_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace fairlist::dns {
namespace {

using test::Bytes;

constexpr ParseResult kAnswerable{.outcome = ParseOutcome::Answerable};

std::string text_of(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

Query parse_answerable(const Bytes& message, Transport transport = Transport::Udp) {
    Query query;
    EXPECT_EQ(parse_query(message, transport, query), kAnswerable);
    return query;
}

TEST(QueryParser, FillsHeaderAndQuestion) {
    const Bytes message =
        test::join({test::header({.flags = 0x0100}), test::question(test::kTestName, type::kTxt)});
    const Query query = parse_answerable(message);
    EXPECT_EQ(query.id, test::kTestId);
    EXPECT_EQ(query.opcode, 0);
    EXPECT_TRUE(query.recursion_desired);
    EXPECT_TRUE(query.has_question);
    EXPECT_EQ(query.type, type::kTxt);
    EXPECT_EQ(query.klass, klass::kIn);
    EXPECT_EQ(query.question_bytes, message.size() - kHeaderBytes);
    EXPECT_FALSE(query.edns.present);
    EXPECT_EQ(query.edns.udp_bytes_max, 512);
}

TEST(QueryParser, GivesTheNameInLowerCaseByLabels) {
    const Query query =
        parse_answerable(test::join({test::header(), test::question("2.AZ@[`{.bL.ExAmPlE")}));
    ASSERT_EQ(query.name.label_count, 4);
    EXPECT_EQ(text_of(query.name.label(0)), "2");
    EXPECT_EQ(text_of(query.name.label(1)), "az@[`{");
    EXPECT_EQ(text_of(query.name.label(2)), "bl");
    EXPECT_EQ(text_of(query.name.label(3)), "example");
    EXPECT_EQ(text_of(query.name.suffix(2)),
              "\x02"
              "bl\x07"
              "example");
    EXPECT_TRUE(query.name.suffix(4).empty());
}

TEST(QueryParser, KeepsAllOctetsButLettersAsTheyAre) {
    for (unsigned octet = 0; octet < 256; ++octet) {
        const Bytes label = {1, static_cast<std::uint8_t>(octet)};
        const Query query = parse_answerable(
            test::join({test::header(), label, test::name("example"), test::u16(1), test::u16(1)}));
        const bool upper = octet >= 'A' && octet <= 'Z';
        EXPECT_EQ(query.name.label(0)[0], upper ? octet + 32 : octet);
    }
}

// Names of every length, octet by octet; the message ends with the question.
TEST(QueryParser, ReadsAnyNameLikeALoopOverItsOctets) {
    std::mt19937 random(19);
    for (int round = 0; round < 5000; ++round) {
        Bytes wire;
        std::vector<std::size_t> starts;
        const std::size_t wanted = random() % kNameBytesMax;
        while (wire.size() + 2 <= wanted) {
            starts.push_back(wire.size());
            const std::size_t most = std::min<std::size_t>(63, wanted - wire.size() - 1);
            const std::size_t size = 1 + random() % most;
            wire.push_back(static_cast<std::uint8_t>(size));
            for (std::size_t i = 0; i < size; ++i) {
                wire.push_back(static_cast<std::uint8_t>(random()));
            }
        }
        const Query query = parse_answerable(
            test::join({test::header(), wire, Bytes{0}, test::u16(1), test::u16(1)}));
        ASSERT_EQ(query.name.size, wire.size());
        ASSERT_EQ(query.name.label_count, starts.size());
        for (std::size_t label = 0; label < starts.size(); ++label) {
            ASSERT_EQ(query.name.label_start[label], starts[label]);
            for (std::size_t i = starts[label] + 1; i <= starts[label] + wire[starts[label]]; ++i) {
                const bool upper = wire[i] >= 'A' && wire[i] <= 'Z';
                ASSERT_EQ(query.name.bytes[i], upper ? wire[i] + 32 : wire[i]) << i;
            }
        }
    }
}

TEST(QueryParser, TheRootNameHasNoLabels) {
    const Query query = parse_answerable(test::join({test::header(), test::question("", 2)}));
    EXPECT_EQ(query.name.label_count, 0);
    EXPECT_EQ(query.name.size, 0);
    EXPECT_EQ(query.question_bytes, 5);
}

TEST(QueryParser, TheLongestNameFits) {
    std::string dotted;
    for (int i = 0; i < 127; ++i) {
        dotted += i == 0 ? "a" : ".a";
    }
    const Query query = parse_answerable(test::join({test::header(), test::question(dotted)}));
    EXPECT_EQ(query.name.label_count, 127);
    EXPECT_EQ(query.name.size, kNameBytesMax - 1);
    EXPECT_EQ(query.name.label_start[126], 252);
}

// What a type at the wire's edge may not do is in the table of hostile messages; all others are
// for the zones to answer.
TEST(QueryParser, EveryTypeHasAnOutcome) {
    std::size_t answerable = 0;
    for (unsigned type = 0; type <= UINT16_MAX; ++type) {
        const Bytes message = test::join(
            {test::header(), test::question("a.example", static_cast<std::uint16_t>(type))});
        Query query;
        const ParseResult result = parse_query(message, Transport::Udp, query);
        ASSERT_NE(result.outcome, ParseOutcome::Drop) << type;
        answerable += result == kAnswerable ? 1U : 0U;
    }
    // OPT, TKEY, TSIG, IXFR, AXFR, MAILB and MAILA.
    EXPECT_EQ(answerable, 65536U - 7U);
}

TEST(QueryParser, EveryOpcodeButQueryAndNotifyIsUnknown) {
    for (unsigned opcode = 0; opcode < 16; ++opcode) {
        Query query;
        const auto flags = static_cast<std::uint16_t>(opcode << 11U);
        const ParseResult result =
            parse_query(test::header({.flags = flags}), Transport::Tcp, query);
        EXPECT_EQ(query.opcode, opcode);
        EXPECT_EQ(result.outcome, ParseOutcome::Respond);
        EXPECT_EQ(result.rcode == Rcode::NotImp, opcode != 0 && opcode != 4) << opcode;
    }
}

TEST(QueryParser, ReadsEdns) {
    const Bytes options =
        test::join({test::option(3, {}), test::option(10, test::from_hex("0102030405060708")),
                    test::option(19, {})});
    const Query query = parse_answerable(test::edns_query(test::opt(options, 4096, 0x0000'8000)));
    EXPECT_TRUE(query.edns.present);
    EXPECT_TRUE(query.edns.dnssec_ok);
    EXPECT_TRUE(query.edns.nsid);
    EXPECT_FALSE(query.edns.keepalive);
    EXPECT_EQ(query.edns.version, 0);
    EXPECT_EQ(query.edns.udp_bytes_max, 4096);
    EXPECT_TRUE(query.edns.cookie.present);
    EXPECT_THAT(query.edns.cookie.client, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
    EXPECT_EQ(query.edns.cookie.server_size, 0);
}

TEST(QueryParser, ReadsTheServerCookieOfTheFirstCookieOnly) {
    const Bytes first = test::join({test::repeat(1, 8), test::repeat(2, 16)});
    const Bytes second = test::join({test::repeat(3, 8), test::repeat(4, 32)});
    const Query query = parse_answerable(test::edns_query(
        test::opt(test::join({test::option(10, first), test::option(10, second)}))));
    EXPECT_THAT(query.edns.cookie.client, testing::Each(1));
    ASSERT_EQ(query.edns.cookie.server_size, 16);
    EXPECT_THAT(std::span(query.edns.cookie.server).first(16), testing::Each(2));
}

TEST(QueryParser, KeepaliveCountsOverTcpOnly) {
    const Bytes message = test::edns_query(test::opt(test::option(11, {})));
    EXPECT_FALSE(parse_answerable(message, Transport::Udp).edns.keepalive);
    EXPECT_TRUE(parse_answerable(message, Transport::Tcp).edns.keepalive);
}

TEST(QueryParser, ClientSizesBelow512CountAs512) {
    for (const std::uint16_t size : {std::uint16_t{0}, std::uint16_t{511}, std::uint16_t{512}}) {
        const Query query = parse_answerable(test::edns_query(test::opt({}, size)));
        EXPECT_EQ(query.edns.udp_bytes_max, 512) << size;
    }
}

TEST(QueryParser, KeepsWhatAnUnsignedTsigNeeds) {
    const Bytes message = test::join(
        {test::header({.additionals = 1}), test::question(test::kTestName), test::tsig()});
    Query query;
    EXPECT_EQ(parse_query(message, Transport::Udp, query).rcode, Rcode::NotAuth);
    EXPECT_TRUE(std::ranges::equal(query.tsig_key_name, test::name("key.example")));
    EXPECT_TRUE(std::ranges::equal(query.tsig_algorithm, test::name("hmac-sha256")));
    EXPECT_EQ(query.tsig_time, 0x6553F100U);
    EXPECT_EQ(query.tsig_original_id, test::kTestId);
}

// One Query serves all messages of a worker: nothing of the last one may shine through.
TEST(QueryParser, ForgetsTheQueryBefore) {
    Query query;
    const Bytes rich =
        test::join({test::header({.flags = 0x0100, .additionals = 2}),
                    test::question(test::kTestName, type::kTxt),
                    test::opt(test::option(10, test::repeat(7, 24)), 4096, 0x8000), test::tsig()});
    static_cast<void>(parse_query(rich, Transport::Tcp, query));
    ASSERT_FALSE(query.tsig_key_name.empty());
    EXPECT_EQ(parse_query(test::header({.questions = 0}), Transport::Udp, query).rcode,
              Rcode::FormErr);
    EXPECT_FALSE(query.recursion_desired);
    EXPECT_FALSE(query.has_question);
    EXPECT_EQ(query.name.label_count, 0);
    EXPECT_EQ(query.question_bytes, 0);
    EXPECT_EQ(query.type, 0);
    EXPECT_FALSE(query.edns.present);
    EXPECT_FALSE(query.edns.cookie.present);
    EXPECT_TRUE(query.tsig_key_name.empty());
}

}  // namespace
}  // namespace fairlist::dns
