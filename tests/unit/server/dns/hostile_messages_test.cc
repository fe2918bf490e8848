#include "tests/unit/server/dns/hostile_messages.h"

#include "server/dns/response_writer.h"
#include "tests/unit/server/dns/ldns_packet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <span>

namespace fairlist::dns {
namespace {

using test::Bytes;
using test::Echo;
using test::HostileMessage;
using test::LdnsPacket;

constexpr std::array<std::uint8_t, 16> kServerCookie = {1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
constexpr std::array<std::uint8_t, 4> kCodeRdata = {127, 0, 0, 2};
constexpr int kFlipsPerRow = 300;

// What the server would send: the parser's error, or a listed address where it may answer.
Bytes respond(const Bytes& message, Transport transport) {
    Query query;
    const ParseResult result = parse_query(message, transport, query);
    if (result.outcome == ParseOutcome::Drop) {
        return {};
    }
    ResponseOptions options;
    options.transport = transport;
    options.server_cookie = kServerCookie;
    Bytes out(kTcpBytesMax);
    if (result.outcome == ParseOutcome::Respond) {
        out.resize(write_error(query, result.rcode, message, options, out));
        return out;
    }
    Answer answer;
    answer.reset();
    answer.authoritative = true;
    answer.answer_count = 1;
    answer.answer[0] = {.type = type::kA, .owner_label = 0, .ttl_seconds = 60, .rdata = kCodeRdata};
    answer.extended_error = {.present = true, .code = 18, .text = "a short text"};
    out.resize(write_response(query, answer, message, options, out));
    return out;
}

bool is_error(const ParseResult& result) {
    return result.outcome == ParseOutcome::Respond && result.rcode != Rcode::NoError;
}

class HostileMessages : public testing::TestWithParam<HostileMessage> {};

TEST_P(HostileMessages, AreJudgedByTheTable) {
    const HostileMessage& row = GetParam();
    Query query;
    const ParseResult result = parse_query(row.message, row.transport, query);
    EXPECT_EQ(result.outcome, row.expected.outcome);
    EXPECT_EQ(static_cast<int>(result.rcode), static_cast<int>(row.expected.rcode));
}

TEST_P(HostileMessages, GetAResponseThatLdnsReads) {
    const HostileMessage& row = GetParam();
    const Bytes response = respond(row.message, row.transport);
    if (row.expected.outcome == ParseOutcome::Drop) {
        EXPECT_TRUE(response.empty());
        return;
    }
    const LdnsPacket packet(response);
    ASSERT_TRUE(packet.ok());
    EXPECT_TRUE(packet.is_response());
    EXPECT_FALSE(packet.has_foreign_flag());
    EXPECT_EQ(packet.id(), (row.message[0] << 8) | row.message[1]);
    EXPECT_EQ(packet.recursion_desired(), (row.message[2] & 1) != 0);
    EXPECT_EQ(packet.rcode(), static_cast<unsigned>(row.expected.rcode));
    EXPECT_EQ(packet.questions(), row.echo == Echo::Question ? 1 : 0);
    EXPECT_EQ(packet.has_opt(), row.opt_back);
    EXPECT_EQ(packet.answers(), row.expected.outcome == ParseOutcome::Answerable ? 1 : 0);
    EXPECT_EQ(packet.authoritative(), row.expected.outcome == ParseOutcome::Answerable);
    if (row.echo == Echo::Question) {
        Query query;
        static_cast<void>(parse_query(row.message, row.transport, query));
        const auto echoed = std::span(response).subspan(kHeaderBytes, query.question_bytes);
        const auto sent = std::span(row.message).subspan(kHeaderBytes, query.question_bytes);
        EXPECT_TRUE(std::ranges::equal(echoed, sent));
    }
}

TEST_P(HostileMessages, WithFlippedBitsNeverBreakParserOrResponse) {
    const HostileMessage& row = GetParam();
    std::mt19937 random(std::mt19937::result_type{row.message.size()});
    for (int i = 0; i < kFlipsPerRow && !row.message.empty(); ++i) {
        Bytes message = row.message;
        for (unsigned flips = random() % 4 + 1; flips > 0; --flips) {
            message[random() % message.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const Transport transport = random() % 2 == 0 ? Transport::Udp : Transport::Tcp;
        const Bytes response = respond(message, transport);
        if (response.empty()) {
            continue;
        }
        const LdnsPacket packet(response);
        ASSERT_TRUE(packet.ok()) << "flip " << i << ": " << testing::PrintToString(message);
        Query query;
        const ParseResult result = parse_query(message, transport, query);
        EXPECT_EQ(packet.id(), (message[0] << 8) | message[1]);
        EXPECT_LE(response.size(),
                  transport == Transport::Udp ? kUdpBytesMaxDefault : kTcpBytesMax);
        EXPECT_FALSE(is_error(result) && packet.authoritative());
    }
}

// The ends of a message are where readers overrun; and no good message is the start of another.
TEST_P(HostileMessages, CutAnywhereAreNotAnswered) {
    const HostileMessage& row = GetParam();
    for (std::size_t size = 0; size < row.message.size(); ++size) {
        const std::span cut = std::span(row.message).first(size);
        Query query;
        const ParseResult result = parse_query(cut, row.transport, query);
        EXPECT_FALSE(row.expected.outcome == ParseOutcome::Answerable &&
                     result.outcome == ParseOutcome::Answerable)
            << "cut to " << size;
    }
}

INSTANTIATE_TEST_SUITE_P(Table, HostileMessages, testing::ValuesIn(test::hostile_messages()),
                         [](const auto& param) { return param.param.name; });

std::filesystem::path corpus_folder() {
    return std::filesystem::path(FAIRLIST_SOURCE_DIR) / "tests/fuzz/corpus/query_parser";
}

// The fuzzer starts from these files. With FAIRLIST_WRITE_CORPUS in the environment they are
// written anew.
TEST(HostileMessageCorpus, HoldsEveryRow) {
    const bool write = std::getenv("FAIRLIST_WRITE_CORPUS") != nullptr;
    for (const HostileMessage& row : test::hostile_messages()) {
        const auto path = corpus_folder() / row.name;
        if (write) {
            std::ofstream(path, std::ios::binary)
                .write(reinterpret_cast<const char*>(row.message.data()),
                       static_cast<std::streamsize>(row.message.size()));
        }
        std::ifstream file(path, std::ios::binary);
        ASSERT_TRUE(file) << path;
        const Bytes bytes{std::istreambuf_iterator<char>(file), {}};
        EXPECT_EQ(bytes, row.message) << path;
    }
}

}  // namespace
}  // namespace fairlist::dns
