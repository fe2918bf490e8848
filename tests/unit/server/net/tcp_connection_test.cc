#include "server/net/tcp_connection.h"

#include "tests/unit/server/net/echo_handler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace fairlist::net {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Next = TcpConnection::Next;

constexpr std::uint64_t kStartMs = 5'000;
constexpr TcpLimits kLimits = {.connections = 10,
                               .connections_per_client = 10,
                               .idle_timeout_ms = 10'000,
                               .io_timeout_ms = 2'000,
                               .total_timeout_ms = 60'000};

// A message of `size` bytes behind its length.
Bytes frame(std::size_t size, std::uint8_t fill = 1) {
    Bytes bytes(kTcpLengthBytes + size, fill);
    bytes[0] = static_cast<std::uint8_t>(size >> 8U);
    bytes[1] = static_cast<std::uint8_t>(size & 0xFFU);
    return bytes;
}

Bytes join(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

// A connection whose other end the test holds.
class Pair {
  public:
    Pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        client_ = Socket(ends[0]);
        server_ = std::make_unique<TcpConnection>(Socket(ends[1]), Address::from_v4(0xC0000201),
                                                  kStartMs);
    }

    void say(const Bytes& bytes) {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const ssize_t size =
                send(client_.descriptor(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            ASSERT_GT(size, 0);
            sent += static_cast<std::size_t>(size);
        }
    }
    void end_saying() { shutdown(client_.descriptor(), SHUT_WR); }
    Bytes hear() {
        Bytes heard;
        std::array<std::uint8_t, 65536> part{};
        for (;;) {
            const ssize_t size = recv(client_.descriptor(), part.data(), part.size(), MSG_DONTWAIT);
            if (size <= 0) {
                return heard;
            }
            heard.insert(heard.end(), part.begin(), part.begin() + size);
        }
    }
    Next read(std::uint64_t now_ms = kStartMs) {
        handler_.begin_batch({});
        const Next next = server_->on_readable(handler_, *scratch_, now_ms);
        handler_.end_batch();
        return next;
    }
    Next write(std::uint64_t now_ms = kStartMs) {
        handler_.begin_batch({});
        const Next next = server_->on_writable(handler_, *scratch_, now_ms);
        handler_.end_batch();
        return next;
    }
    TcpConnection& server() { return *server_; }
    void destroy_server() { server_.reset(); }
    EchoHandler& handler() { return handler_; }

  private:
    EchoHandler handler_;
    std::unique_ptr<TcpScratch> scratch_ = std::make_unique<TcpScratch>();
    Socket client_;
    std::unique_ptr<TcpConnection> server_;
};

struct FrameCase {
    std::string name;
    Bytes said;
    Next next;
    Bytes heard;
};

class TcpFrames : public testing::TestWithParam<FrameCase> {};

TEST_P(TcpFrames, Answered) {
    const FrameCase& c = GetParam();
    Pair pair;
    pair.say(c.said);
    EXPECT_EQ(pair.read(), c.next);
    EXPECT_EQ(pair.hear(), c.heard);
}

// The same bytes must mean the same, however they are cut into packets.
TEST_P(TcpFrames, AnsweredByteByByte) {
    const FrameCase& c = GetParam();
    Pair pair;
    Next next = Next::Read;
    for (const std::uint8_t byte : c.said) {
        pair.say({byte});
        next = pair.read();
        if (next == Next::Close) {
            break;
        }
    }
    EXPECT_EQ(next, c.next);
    EXPECT_EQ(pair.hear(), c.heard);
}

Bytes silent(std::size_t size) {
    return frame(size, 0xFF);
}

const std::vector<FrameCase> kFrameCases = {
    {"one", frame(12), Next::Read, frame(12)},
    {"five_pipelined", join({frame(12, 1), frame(13, 2), frame(14, 3), frame(15, 4), frame(16, 5)}),
     Next::Read, join({frame(12, 1), frame(13, 2), frame(14, 3), frame(15, 4), frame(16, 5)})},
    {"length_only", {0, 12}, Next::Read, {}},
    {"half_a_length", {0}, Next::Read, {}},
    {"cut_message", {0, 12, 1, 1}, Next::Read, {}},
    {"whole_and_half", join({frame(12), {0, 20, 1}}), Next::Read, frame(12)},
    {"length_zero", {0, 0}, Next::Close, {}},
    {"length_eleven", {0, 11}, Next::Close, {}},
    {"bad_length_after_good", join({frame(12), {0, 3}}), Next::Close, frame(12)},
    {"nothing_to_say", silent(12), Next::Close, {}},
    {"answers_before_silence", join({frame(12), silent(12)}), Next::Close, frame(12)},
};

INSTANTIATE_TEST_SUITE_P(Table, TcpFrames, testing::ValuesIn(kFrameCases),
                         [](const auto& param) { return param.param.name; });

TEST(TcpConnection, LongestMessage) {
    Pair pair;
    const Bytes longest = frame(dns::kTcpBytesMax);
    Next next = Next::Read;
    Bytes heard;
    constexpr std::size_t kPartBytes = 10000;
    for (std::size_t at = 0; at < longest.size(); at += kPartBytes) {
        const std::size_t size = std::min(kPartBytes, longest.size() - at);
        pair.say({longest.begin() + static_cast<std::ptrdiff_t>(at),
                  longest.begin() + static_cast<std::ptrdiff_t>(at + size)});
        next = pair.read();
        const Bytes part = pair.hear();
        heard.insert(heard.end(), part.begin(), part.end());
    }
    EXPECT_EQ(next, Next::Read);
    EXPECT_EQ(heard, longest);
}

TEST(TcpConnection, NothingAfterSilenceIsAnswered) {
    Pair pair;
    pair.say(join({silent(12), frame(12)}));
    EXPECT_EQ(pair.read(), Next::Close);
    EXPECT_TRUE(pair.hear().empty());
    EXPECT_EQ(pair.handler().answers(), 1U);
}

TEST(TcpConnection, HalfClosedIsAnsweredThenClosed) {
    Pair pair;
    pair.say(frame(12));
    pair.end_saying();
    EXPECT_EQ(pair.read(), Next::Read);
    EXPECT_EQ(pair.read(), Next::Close);
    EXPECT_EQ(pair.hear(), frame(12));
}

TEST(TcpConnection, GoneClientIsClosed) {
    Pair pair;
    pair.end_saying();
    EXPECT_EQ(pair.read(), Next::Close);
}

TEST(TcpConnection, FinishedWhenIdle) {
    Pair pair;
    EXPECT_EQ(pair.server().finish(), Next::Close);
}

// A client that asks for much and reads nothing: the server stops reading, and holds no more than
// it had in hand.
TEST(TcpConnection, SlowReaderIsNotReadFrom) {
    Pair pair;
    constexpr unsigned kQueries = 200;  // of 60000 bytes each: more than a socket buffer holds
    Bytes queries;
    for (unsigned i = 0; i < kQueries; ++i) {
        const Bytes query = frame(12, 0xEE);
        queries.insert(queries.end(), query.begin(), query.end());
    }
    pair.say(queries);
    EXPECT_EQ(pair.read(), Next::Write);
    const unsigned answered = pair.handler().answers();
    EXPECT_LT(answered, kQueries);
    EXPECT_EQ(pair.server().deadline(kLimits), kStartMs + kLimits.io_timeout_ms);

    std::size_t heard = 0;
    Next next = Next::Write;
    for (unsigned round = 0; round < kQueries && next == Next::Write; ++round) {
        heard += pair.hear().size();
        next = pair.write();
    }
    heard += pair.hear().size();
    EXPECT_EQ(next, Next::Read);
    EXPECT_EQ(heard, kQueries * (kTcpLengthBytes + 60000));
}

TEST(TcpConnection, FinishedOnceEverythingIsTaken) {
    Pair pair;
    constexpr unsigned kQueries = 50;
    Bytes queries;
    for (unsigned i = 0; i < kQueries; ++i) {
        const Bytes query = frame(12, 0xEE);
        queries.insert(queries.end(), query.begin(), query.end());
    }
    pair.say(queries);
    ASSERT_EQ(pair.read(), Next::Write);
    Next next = pair.server().finish();
    EXPECT_EQ(next, Next::Write);
    std::size_t heard = 0;
    for (unsigned round = 0; round < kQueries && next == Next::Write; ++round) {
        heard += pair.hear().size();
        next = pair.write();
    }
    heard += pair.hear().size();
    EXPECT_EQ(next, Next::Close);
    EXPECT_EQ(heard, kQueries * (kTcpLengthBytes + 60000));
}

struct Step {
    std::uint64_t at_ms;
    Bytes said;
};

struct DeadlineCase {
    std::string name;
    std::vector<Step> steps;
    std::uint64_t deadline_ms;
};

class TcpDeadline : public testing::TestWithParam<DeadlineCase> {};

TEST_P(TcpDeadline, After) {
    const DeadlineCase& c = GetParam();
    Pair pair;
    for (const Step& step : c.steps) {
        pair.say(step.said);
        EXPECT_EQ(pair.read(step.at_ms), Next::Read);
    }
    EXPECT_EQ(pair.server().deadline(kLimits), c.deadline_ms);
}

const std::vector<DeadlineCase> kDeadlineCases = {
    {"nothing_sent", {}, kStartMs + 10'000},
    {"idle_after_an_answer", {{kStartMs + 300, frame(12)}}, kStartMs + 300 + 10'000},
    {"message_begun", {{kStartMs + 300, {0}}}, kStartMs + 300 + 2'000},
    // Each byte more does not buy more time.
    {"dripping",
     {{kStartMs + 300, {0}}, {kStartMs + 900, {12}}, {kStartMs + 1500, {1}}},
     kStartMs + 300 + 2'000},
    {"next_message_begun_later",
     {{kStartMs + 300, {0}}, {kStartMs + 900, join({{12}, Bytes(12, 1), {0, 12}})}},
     kStartMs + 900 + 2'000},
    {"busy_to_the_end_of_the_total_time", {{kStartMs + 59'000, frame(12)}}, kStartMs + 60'000},
};

INSTANTIATE_TEST_SUITE_P(Table, TcpDeadline, testing::ValuesIn(kDeadlineCases),
                         [](const auto& param) { return param.param.name; });

TEST(TcpConnection, ClientIsKnown) {
    Pair pair;
    pair.say(frame(12));
    EXPECT_EQ(pair.read(), Next::Read);
    EXPECT_TRUE(pair.handler().last_client().over_tcp);
    EXPECT_EQ(pair.handler().last_client().address, Address::from_v4(0xC0000201));
}

}  // namespace
}  // namespace fairlist::net
