#include "server/dns/response_writer.h"

#include "tests/unit/server/dns/ldns_packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::dns {
namespace {

using test::Bytes;
using test::LdnsPacket;

constexpr std::uint16_t kOptionNsid = 3;
constexpr std::uint16_t kOptionCookie = 10;
constexpr std::uint16_t kOptionKeepalive = 11;
constexpr std::uint16_t kOptionExtendedError = 15;
constexpr std::size_t kRecordHeadBytes = 12;  // with the owner as a pointer
constexpr std::size_t kOptBytes = 11;

constexpr std::array<std::uint8_t, 4> kListed = {127, 0, 0, 2};

// A query, and the answer that a test makes up for it.
struct Exchange {
    explicit Exchange(Bytes query_message, Transport transport = Transport::Udp)
        : message(std::move(query_message)) {
        options.transport = transport;
        result = parse_query(message, transport, query);
        answer.reset();
        answer.authoritative = true;
    }

    void add_answer(std::uint16_t type, std::span<const std::uint8_t> rdata) {
        answer.answer[answer.answer_count++] = {.type = type, .ttl_seconds = 900, .rdata = rdata};
    }

    [[nodiscard]] Bytes write(std::size_t room = kTcpBytesMax) const {
        Bytes out(room);
        out.resize(write_response(query, answer, message, options, out));
        return out;
    }
    [[nodiscard]] Bytes write_error(Rcode rcode) const {
        Bytes out(kTcpBytesMax);
        out.resize(dns::write_error(query, rcode, message, options, out));
        return out;
    }

    Bytes message;
    ParseResult result;
    Query query;
    Answer answer;
    ResponseOptions options;
};

Bytes plain_query(std::uint16_t flags = 0) {
    return test::join({test::header({.flags = flags}), test::question("2.0.0.127.bL.eXample")});
}

std::size_t question_end() {
    return plain_query().size();
}

TEST(ResponseWriter, AnswersFromTheQuestionsName) {
    Exchange exchange(plain_query(0x0100));
    exchange.add_answer(type::kA, kListed);
    const Bytes response = exchange.write();
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_TRUE(packet.authoritative());
    EXPECT_TRUE(packet.recursion_desired());
    EXPECT_FALSE(packet.truncated());
    EXPECT_FALSE(packet.has_opt());
    EXPECT_EQ(packet.rcode(), 0U);
    ASSERT_EQ(packet.answers(), 1);
    EXPECT_EQ(packet.answer(0), "2.0.0.127.bL.eXample.\t900\tIN\tA\t127.0.0.2");
    // Pointer, type, class, TTL, length and data: no octet more.
    EXPECT_EQ(response.size(), question_end() + kRecordHeadBytes + 4);
}

TEST(ResponseWriter, EchoesTheQuestionByteForByte) {
    const Exchange exchange(plain_query());
    const Bytes response = exchange.write();
    EXPECT_TRUE(std::ranges::equal(std::span(response).subspan(kHeaderBytes),
                                   std::span(exchange.message).subspan(kHeaderBytes)));
}

struct OwnerRow {
    std::string name;
    std::uint16_t label;
    std::string owner;
};

class OwnerLabel : public testing::TestWithParam<OwnerRow> {};

TEST_P(OwnerLabel, TellsWhereTheOwnerBegins) {
    Exchange exchange(plain_query());
    const Bytes soa =
        test::join({test::name("ns.example"), test::name("hostmaster.example"), test::u32(7),
                    test::u32(3600), test::u32(600), test::u32(86400), test::u32(300)});
    exchange.answer.rcode = Rcode::NxDomain;
    exchange.answer.authority[0] = {
        .type = type::kSoa, .owner_label = GetParam().label, .ttl_seconds = 300, .rdata = soa};
    exchange.answer.authority_count = 1;
    const Bytes response = exchange.write();
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(packet.rcode(), 3U);
    EXPECT_TRUE(packet.authoritative());
    ASSERT_EQ(packet.authorities(), 1);
    EXPECT_EQ(packet.authority(0), GetParam().owner +
                                       "\t300\tIN\tSOA\tns.example. hostmaster.example. 7 3600 600 "
                                       "86400 300");
}

const std::vector<OwnerRow> kOwners = {
    {"whole_name", 0, "2.0.0.127.bL.eXample."},
    {"zone", 4, "bL.eXample."},
    {"last_label", 5, "eXample."},
    {"root", 6, "."},
};

INSTANTIATE_TEST_SUITE_P(ResponseWriter, OwnerLabel, testing::ValuesIn(kOwners),
                         [](const auto& param) { return param.param.name; });

TEST(ResponseWriter, AQuestionForTheRootHasItsRecordsThere) {
    Exchange exchange(test::join({test::header(), test::question("")}));
    exchange.add_answer(type::kA, kListed);
    const Bytes response = exchange.write();
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(packet.answer(0), ".\t900\tIN\tA\t127.0.0.2");
}

// TXT data of exactly this many bytes, in strings of at most 255.
Bytes txt_rdata(std::size_t size) {
    Bytes rdata;
    while (size > 0) {
        const std::size_t length = std::min<std::size_t>(size - 1, 255);
        rdata.push_back(static_cast<std::uint8_t>(length));
        rdata.insert(rdata.end(), length, 't');
        size -= length + 1;
    }
    return rdata;
}

// Which size of response is the last to go out whole.
struct LimitRow {
    std::string name;
    bool edns;
    std::uint16_t client_bytes;
    std::uint16_t server_bytes;
    Transport transport;
    std::size_t limit;
};

class SizeLimit : public testing::TestWithParam<LimitRow> {
  protected:
    [[nodiscard]] static Exchange exchange_filling(std::size_t size) {
        const LimitRow& row = GetParam();
        const Bytes opt = test::opt({}, row.client_bytes);
        Exchange exchange(row.edns ? test::edns_query(opt) : plain_query(), row.transport);
        exchange.options.udp_bytes_max = row.server_bytes;
        const std::size_t rest = question_end() + kRecordHeadBytes + (row.edns ? kOptBytes : 0);
        exchange.add_answer(type::kTxt, {});
        rdata_ = txt_rdata(size - rest);
        exchange.answer.answer[0].rdata = rdata_;
        return exchange;
    }

    inline static Bytes rdata_;
};

TEST_P(SizeLimit, IsReached) {
    const Bytes response = exchange_filling(GetParam().limit).write();
    EXPECT_EQ(response.size(), GetParam().limit);
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_FALSE(packet.truncated());
    EXPECT_EQ(packet.answers(), 1);
}

TEST_P(SizeLimit, IsNotCrossed) {
    const Bytes response = exchange_filling(GetParam().limit + 1).write();
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_TRUE(packet.truncated());
    EXPECT_EQ(packet.rcode(), 0U);
    EXPECT_EQ(packet.answers(), 0);
    EXPECT_EQ(packet.authorities(), 0);
    EXPECT_EQ(packet.has_opt(), GetParam().edns);
    EXPECT_EQ(response.size(), question_end() + (GetParam().edns ? kOptBytes : 0));
}

constexpr Transport kUdp = Transport::Udp;
constexpr Transport kTcp = Transport::Tcp;
const std::vector<LimitRow> kLimits = {
    {"without_edns", false, 0, 1232, kUdp, 512},
    {"client_511", true, 511, 1232, kUdp, 512},
    {"client_512", true, 512, 1232, kUdp, 512},
    {"client_1000", true, 1000, 1232, kUdp, 1000},
    {"client_1232", true, 1232, 1232, kUdp, 1232},
    {"client_65535", true, 65535, 1232, kUdp, 1232},
    {"server_600", true, 4096, 600, kUdp, 600},
    {"tcp_without_edns", false, 0, 1232, kTcp, 65535},
    {"tcp_with_edns", true, 512, 1232, kTcp, 65535},
};

INSTANTIATE_TEST_SUITE_P(ResponseWriter, SizeLimit, testing::ValuesIn(kLimits),
                         [](const auto& param) { return param.param.name; });

TEST(ResponseWriter, TheRoomGivenIsALimitToo) {
    Exchange exchange(plain_query());
    exchange.add_answer(type::kA, kListed);
    const std::size_t whole = exchange.write().size();
    EXPECT_FALSE(LdnsPacket(exchange.write(whole)).truncated());
    EXPECT_TRUE(LdnsPacket(exchange.write(whole - 1)).truncated());
    EXPECT_EQ(exchange.write(question_end()).size(), question_end());
    EXPECT_TRUE(exchange.write(question_end() - 1).empty());
    EXPECT_TRUE(exchange.write(0).empty());
}

TEST(ResponseWriter, WithoutRoomForOptNothingIsSent) {
    const Exchange exchange(test::edns_query(test::opt()));
    EXPECT_EQ(exchange.write(question_end() + kOptBytes).size(), question_end() + kOptBytes);
    EXPECT_TRUE(exchange.write(question_end() + kOptBytes - 1).empty());
}

TEST(ResponseWriter, ADropIsNotSent) {
    Exchange exchange(plain_query());
    exchange.answer.drop = true;
    EXPECT_TRUE(exchange.write().empty());
}

TEST(ResponseWriter, ALimitedClientGetsTcAndNoRecords) {
    Exchange exchange(plain_query());
    exchange.add_answer(type::kA, kListed);
    exchange.answer.truncate = true;
    const Bytes response = exchange.write();
    EXPECT_TRUE(LdnsPacket(response).truncated());
    EXPECT_EQ(LdnsPacket(response).answers(), 0);
    EXPECT_EQ(response.size(), question_end());
}

struct RcodeRow {
    std::string name;
    Rcode rcode;
    bool authoritative;
};

class AuthoritativeFlag : public testing::TestWithParam<RcodeRow> {};

TEST_P(AuthoritativeFlag, GoesWithDataAndDenialOnly) {
    Exchange exchange(test::edns_query(test::opt()));
    exchange.answer.rcode = GetParam().rcode;
    const Bytes response = exchange.write();
    const LdnsPacket packet(response);
    EXPECT_EQ(packet.rcode(), static_cast<unsigned>(GetParam().rcode));
    EXPECT_EQ(packet.authoritative(), GetParam().authoritative);
    const Bytes error_response = exchange.write_error(GetParam().rcode);
    const LdnsPacket error(error_response);
    EXPECT_EQ(error.rcode(), static_cast<unsigned>(GetParam().rcode));
    EXPECT_FALSE(error.authoritative());
}

const std::vector<RcodeRow> kRcodes = {
    {"noerror", Rcode::NoError, true},      {"nxdomain", Rcode::NxDomain, true},
    {"formerr", Rcode::FormErr, false},     {"servfail", Rcode::ServFail, false},
    {"notimp", Rcode::NotImp, false},       {"refused", Rcode::Refused, false},
    {"notauth", Rcode::NotAuth, false},     {"badvers", Rcode::BadVers, false},
    {"badcookie", Rcode::BadCookie, false},
};

INSTANTIATE_TEST_SUITE_P(ResponseWriter, AuthoritativeFlag, testing::ValuesIn(kRcodes),
                         [](const auto& param) { return param.param.name; });

TEST(ResponseWriter, ARcodeThatNeedsOptIsNotCutToAnotherOne) {
    const Exchange exchange(plain_query());
    const Bytes response = exchange.write_error(Rcode::BadVers);
    EXPECT_EQ(LdnsPacket(response).rcode(), static_cast<unsigned>(Rcode::ServFail));
}

TEST(ResponseWriter, OptSaysOurSizeAndCopiesDoOnly) {
    for (const std::uint32_t flags : {0x0000U, 0x8000U, 0xFFFFU, 0x7FFFU}) {
        Exchange exchange(test::edns_query(test::opt({}, 4096, flags)));
        exchange.options.udp_bytes_max = 1400;
        const Bytes response = exchange.write();
        const LdnsPacket packet(response);
        EXPECT_EQ(packet.udp_bytes(), 1400);
        EXPECT_EQ(packet.dnssec_ok(), (flags & 0x8000U) != 0);
        // Version and flags are the four octets before the option length.
        const Bytes ttl(response.end() - 6, response.end() - 2);
        EXPECT_EQ(ttl, test::u32(flags & 0x8000U));
    }
}

constexpr ExtendedError kProhibited{.present = true, .code = 18, .text = "not for you"};

TEST(ResponseWriter, TellsAnExtendedErrorToEdnsClientsOnly) {
    Exchange with(test::edns_query(test::opt()));
    with.answer.extended_error = kProhibited;
    const Bytes response = with.write();
    const Bytes expected =
        test::join({test::u16(18), {'n', 'o', 't', ' ', 'f', 'o', 'r', ' ', 'y', 'o', 'u'}});
    EXPECT_EQ(LdnsPacket(response).option(kOptionExtendedError), expected);
    Exchange without(plain_query());
    without.answer.extended_error = kProhibited;
    EXPECT_EQ(without.write().size(), question_end());
}

TEST(ResponseWriter, GivesUpTheExtendedErrorBeforeTheRecords) {
    constexpr std::size_t kLimit = 512;
    const std::size_t error_bytes = 4 + 2 + kProhibited.text.size();
    for (const bool fits : {true, false}) {
        Exchange exchange(test::edns_query(test::opt({}, kLimit)));
        exchange.answer.extended_error = kProhibited;
        const std::size_t rest = question_end() + kRecordHeadBytes + kOptBytes + error_bytes;
        const Bytes rdata = txt_rdata(kLimit - rest + (fits ? 0 : 1));
        exchange.add_answer(type::kTxt, rdata);
        const Bytes response = exchange.write();
        const LdnsPacket packet(response);
        EXPECT_FALSE(packet.truncated());
        EXPECT_EQ(packet.answers(), 1);
        EXPECT_EQ(packet.option(kOptionExtendedError).has_value(), fits);
    }
}

TEST(ResponseWriter, GivesNsidWhenAskedAndConfigured) {
    const Bytes id = {'n', 's', '1'};
    Exchange asked(test::edns_query(test::opt(test::option(kOptionNsid, {}))));
    EXPECT_EQ(LdnsPacket(asked.write()).option(kOptionNsid), std::nullopt);
    asked.options.nsid = id;
    EXPECT_EQ(LdnsPacket(asked.write()).option(kOptionNsid), id);
    Exchange not_asked(test::edns_query(test::opt()));
    not_asked.options.nsid = id;
    EXPECT_EQ(LdnsPacket(not_asked.write()).option(kOptionNsid), std::nullopt);
}

TEST(ResponseWriter, AnNsidThatFitsIntoNoResponseIsLeftOut) {
    const Bytes id = test::repeat('n', 600);
    Exchange exchange(test::edns_query(test::opt(test::option(kOptionNsid, {}), 512)));
    exchange.options.nsid = id;
    exchange.add_answer(type::kA, kListed);
    const Bytes response = exchange.write();
    EXPECT_EQ(LdnsPacket(response).answers(), 1);
    EXPECT_EQ(LdnsPacket(response).option(kOptionNsid), std::nullopt);
}

TEST(ResponseWriter, GivesTheCookieBackWithTheServersPart) {
    const Bytes client = test::from_hex("0102030405060708");
    const Bytes server = test::repeat(0xCC, 16);
    Exchange exchange(test::edns_query(test::opt(test::option(kOptionCookie, client))));
    EXPECT_EQ(LdnsPacket(exchange.write()).option(kOptionCookie), std::nullopt);
    exchange.options.server_cookie = server;
    EXPECT_EQ(LdnsPacket(exchange.write()).option(kOptionCookie), test::join({client, server}));
    Exchange without(test::edns_query(test::opt()));
    without.options.server_cookie = server;
    EXPECT_EQ(LdnsPacket(without.write()).option(kOptionCookie), std::nullopt);
}

TEST(ResponseWriter, ACookieQueryWithoutQuestionGetsOnlyTheCookie) {
    const Bytes client = test::from_hex("0102030405060708");
    const Bytes server = test::repeat(0xCC, 16);
    Exchange exchange(test::join({test::header({.questions = 0, .additionals = 1}),
                                  test::opt(test::option(kOptionCookie, client))}));
    exchange.options.server_cookie = server;
    const Bytes response = exchange.write_error(exchange.result.rcode);
    const LdnsPacket packet(response);
    EXPECT_EQ(packet.rcode(), 0U);
    EXPECT_EQ(packet.questions(), 0);
    EXPECT_EQ(packet.option(kOptionCookie), test::join({client, server}));
}

TEST(ResponseWriter, TellsTheKeepaliveTimeoutOverTcpOnly) {
    for (const Transport transport : {kUdp, kTcp}) {
        Exchange exchange(test::edns_query(test::opt(test::option(kOptionKeepalive, {}))),
                          transport);
        exchange.options.keepalive_timeout = 100;
        const auto timeout = LdnsPacket(exchange.write()).option(kOptionKeepalive);
        EXPECT_EQ(timeout.has_value(), transport == kTcp);
        EXPECT_EQ(timeout.value_or(test::u16(100)), test::u16(100));
    }
}

Bytes signed_query(std::string_view name, const Bytes& tsig_record) {
    return test::join({test::header({.additionals = 1}), test::question(name), tsig_record});
}

TEST(ResponseWriter, AnUnknownKeyIsToldInAnUnsignedTsig) {
    const Exchange exchange(signed_query("a.example", test::tsig("key.example")));
    const Bytes response = exchange.write_error(exchange.result.rcode);
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(packet.rcode(), 9U);
    EXPECT_EQ(packet.tsig_error(), 17U);
    EXPECT_EQ(packet.tsig_owner(), "key.example.");
}

TEST(ResponseWriter, AKeyNameThatEndsInTheQuestionIsToldToo) {
    const Bytes compressed = test::record({.owner = {1, 'k', 0xC0, 12},
                                           .type = type::kTsig,
                                           .klass = klass::kAny,
                                           .rdata = test::tsig_rdata()});
    const Exchange exchange(signed_query("a.example", compressed));
    const Bytes response = exchange.write_error(exchange.result.rcode);
    EXPECT_EQ(LdnsPacket(response).tsig_owner(), "k.a.example.");
}

TEST(ResponseWriter, OtherErrorsHaveNoTsig) {
    const Exchange exchange(signed_query("a.example", test::tsig("key.example")));
    EXPECT_EQ(LdnsPacket(exchange.write_error(Rcode::FormErr)).tsig_error(), std::nullopt);
}

// RFC 8945 section 5.3: truncate, so that the client comes back over TCP.
TEST(ResponseWriter, ATsigTooLongForUdpMakesTc) {
    const std::string label(63, 'k');
    const std::string long_name = label + '.' + label + '.' + label;
    const Bytes record = test::record({.owner = test::name(long_name),
                                       .type = type::kTsig,
                                       .klass = klass::kAny,
                                       .rdata = test::tsig_rdata(long_name)});
    const Bytes message = signed_query(long_name, record);
    const Exchange udp(message);
    const Bytes short_response = udp.write_error(udp.result.rcode);
    EXPECT_LE(short_response.size(), kUdpBytesMin);
    EXPECT_TRUE(LdnsPacket(short_response).truncated());
    EXPECT_EQ(LdnsPacket(short_response).tsig_error(), std::nullopt);
    const Exchange tcp(message, kTcp);
    EXPECT_EQ(LdnsPacket(tcp.write_error(tcp.result.rcode)).tsig_error(), 17U);
}

TEST(ResponseWriter, WritesAsManyRecordsAsAnAnswerHolds) {
    Exchange exchange(test::edns_query(test::opt()));
    for (std::size_t i = 0; i < kAnswerRecordsMax; ++i) {
        exchange.add_answer(type::kA, kListed);
    }
    const Bytes response = exchange.write();
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(packet.answers(), kAnswerRecordsMax);
}

}  // namespace
}  // namespace fairlist::dns
