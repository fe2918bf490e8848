#include "server/http/request_reader.h"

#include "tests/unit/server/http/reader_drive.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace fairlist::http {
namespace {

constexpr std::size_t kBodyBytesMax = 100'000;

Driven whole(const std::string& stream) {
    return drive(stream, kBodyBytesMax, [&] { return stream.size(); });
}

TEST(RequestReader, TellsWhatHandlersNeed) {
    const Driven driven = whole(
        "POST /v1/hits?a=b HTTP/1.1\r\nHost: a\r\nauthorization:  Bearer x \r\n"
        "CONTENT-TYPE: text/plain\r\nidempotency-key: \"7\"\r\nContent-Length: 3\r\n\r\nabc");
    ASSERT_EQ(driven.requests.size(), 1U);
    const Request& request = driven.requests[0];
    EXPECT_EQ(request.method, Method::Post);
    EXPECT_EQ(request.path, "/v1/hits");
    EXPECT_EQ(request.query, "a=b");
    EXPECT_EQ(request.authorization, "Bearer x");
    EXPECT_EQ(request.content_type, "text/plain");
    EXPECT_EQ(request.idempotency_key, "\"7\"");
    EXPECT_EQ(request.body, "abc");
    EXPECT_FALSE(request.principal.has_value());
    EXPECT_TRUE(driven.is_idle);
}

TEST(RequestReader, ForgetsTheRequestBefore) {
    const Driven driven = whole(
        "POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer x\r\nContent-Length: 3\r\n\r\nabc"
        "GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(driven.requests.size(), 2U);
    EXPECT_EQ(driven.requests[1].authorization, "");
    EXPECT_EQ(driven.requests[1].body, "");
    EXPECT_EQ(driven.requests[1].path, "/b");
}

struct KeepCase {
    std::string name;
    std::string rest;
    bool keeps;
};

class KeepAlive : public testing::TestWithParam<KeepCase> {};

// RFC 9112 section 9.3; that of HTTP/1.0 is never kept.
TEST_P(KeepAlive, AsTheClientSays) {
    const Driven driven = whole("GET / " + GetParam().rest + "\r\nHost: a\r\n\r\n");
    ASSERT_EQ(driven.keep_alive.size(), 1U);
    EXPECT_EQ(driven.keep_alive[0], GetParam().keeps);
}

INSTANTIATE_TEST_SUITE_P(
    Versions, KeepAlive,
    testing::Values(KeepCase{"http_1_1", "HTTP/1.1", true},
                    KeepCase{"close", "HTTP/1.1\r\nConnection: close", false},
                    KeepCase{"close_in_a_list", "HTTP/1.1\r\nConnection: te, Close", false},
                    KeepCase{"close_in_two_fields",
                             "HTTP/1.1\r\nConnection: keep-alive\r\nConnection: close", false},
                    KeepCase{"http_1_0", "HTTP/1.0", false},
                    KeepCase{"http_1_0_that_asks", "HTTP/1.0\r\nConnection: keep-alive", false}),
    [](const auto& param) { return param.param.name; });

TEST(RequestReader, WantsToContinueOnlyWhileTheBodyIsNotThere) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n";
    RequestReader waits{HeadLimits{}};
    ASSERT_EQ(waits.feed(head), RequestReader::State::HeadDone);
    EXPECT_TRUE(waits.expects_continue());
    EXPECT_TRUE(waits.has_body());
    EXPECT_EQ(waits.content_length(), 3U);
    RequestReader sends{HeadLimits{}};
    ASSERT_EQ(sends.feed(head + "a"), RequestReader::State::HeadDone);
    EXPECT_FALSE(sends.expects_continue());
}

TEST(RequestReader, AnnouncedLengthIsRefusedBeforeABodyComes) {
    RequestReader reader{HeadLimits{}};
    ASSERT_EQ(reader.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n"),
              RequestReader::State::HeadDone);
    EXPECT_EQ(reader.accept_body(10), RequestReader::State::Refused);
    EXPECT_EQ(reader.refusal().status, 413U);
}

// The twin: the same stream in one piece, bytewise and in random pieces.
class Pieces {
  public:
    explicit Pieces(std::uint32_t seed) : random_(seed) {}

    std::size_t number(std::size_t below) { return random_() % below; }
    std::string body() {
        std::string out(number(5000), 'x');
        std::ranges::generate(out, [&] { return static_cast<char>(random_() & 0xFFU); });
        return out;
    }
    std::string request() {
        const std::string content = body();
        switch (number(3)) {
            case 0:
                return "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
            case 1:
                return "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                       std::to_string(content.size()) + "\r\n\r\n" + content;
            default:
                return "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                       in_chunks(content);
        }
    }

  private:
    std::string in_chunks(std::string_view content) {
        static constexpr std::string_view kDigits = "0123456789abcdef";
        std::string out;
        while (!content.empty()) {
            const std::size_t size = std::min<std::size_t>(1 + number(255), content.size());
            out += std::string{kDigits[size / 16], kDigits[size % 16]};
            out += number(4) == 0 ? ";a=\"b\"\r\n" : "\r\n";
            out += std::string(content.substr(0, size)) + "\r\n";
            content.remove_prefix(size);
        }
        return out + (number(2) == 0 ? "0\r\n\r\n" : "0\r\nX: y\r\n\r\n");
    }

    std::mt19937 random_;
};

TEST(RequestReader, HowTheBytesWereCutDecidesNothing) {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        Pieces pieces(seed);
        std::string stream;
        for (unsigned i = 0; i < 6; ++i) {
            stream += pieces.request();
        }
        // Every second stream is damaged somewhere.
        if (seed % 2 == 0) {
            stream[pieces.number(stream.size())] ^= 1;
        }
        const Driven expected = whole(stream);
        const Driven bytewise = drive(stream, kBodyBytesMax, [] { return std::size_t{1}; });
        const Driven random = drive(stream, kBodyBytesMax, [&] { return 1 + pieces.number(700); });
        for (const Driven& driven : {bytewise, random}) {
            ASSERT_EQ(driven.refused_with, expected.refused_with) << "seed " << seed;
            ASSERT_EQ(driven.requests.size(), expected.requests.size()) << "seed " << seed;
            for (std::size_t i = 0; i < driven.requests.size(); ++i) {
                EXPECT_EQ(driven.requests[i].path, expected.requests[i].path);
                EXPECT_EQ(driven.requests[i].body, expected.requests[i].body);
            }
        }
        EXPECT_TRUE(seed % 2 == 0 || expected.requests.size() == 6U) << "seed " << seed;
    }
}

}  // namespace
}  // namespace fairlist::http
