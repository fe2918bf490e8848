#include "importer/fetch/http.h"

#include "tests/unit/importer/fetch/http_server.h"
#include "tests/unit/importer/fetch/test_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

namespace fairlist::importer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class HttpFetch : public testing::Test {
  protected:
    HttpRequest request_to(const std::string& url) {
        HttpRequest request;
        request.url = parse_url(url).value();
        request.file = folder_ / ("download" + std::to_string(++requests_));
        request.timeout_s = 10;
        request.guard.allowed = {parse_prefix("127.0.0.1").value()};
        return request;
    }
    [[nodiscard]] std::string body_of(const HttpRequest& request) const {
        return folder_.read(request.file.filename().string());
    }

    TestFolder folder_;
    int requests_ = 0;
};

TEST_F(HttpFetch, WritesTheBodyAndTellsTheValidators) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK",
                           "etag: \"v1\"\r\nLast-Modified: Sat, 21 Nov 2026 08:00:00 GMT\r\n",
                           "192.0.2.1\n"));
    });
    std::uint64_t seen = 0;
    HttpRequest request = request_to(server.url("/list.txt"));
    request.progress = [&](std::uint64_t bytes) {
        seen = bytes;
    };
    const auto response = http_fetch(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_FALSE(response->unchanged);
    EXPECT_EQ(response->etag, "\"v1\"");
    EXPECT_EQ(response->last_modified, "Sat, 21 Nov 2026 08:00:00 GMT");
    EXPECT_EQ(body_of(request), "192.0.2.1\n");
    EXPECT_EQ(seen, 10U);
    ASSERT_EQ(server.heads().size(), 1U);
    EXPECT_THAT(server.heads()[0], HasSubstr("GET /list.txt HTTP/1.1\r\n"));
    EXPECT_THAT(server.heads()[0], Not(HasSubstr("If-None-Match")));
    EXPECT_THAT(server.heads()[0], Not(HasSubstr("Accept-Encoding")));
}

TEST_F(HttpFetch, AsksConditionallyAndTakes304) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    });
    HttpRequest request = request_to(server.url());
    request.etag = "\"v1\"";
    request.last_modified = "Sat, 21 Nov 2026 08:00:00 GMT";
    const auto response = http_fetch(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_TRUE(response->unchanged);
    EXPECT_THAT(server.heads()[0], HasSubstr("If-None-Match: \"v1\"\r\n"));
    EXPECT_THAT(server.heads()[0],
                HasSubstr("If-Modified-Since: Sat, 21 Nov 2026 08:00:00 GMT\r\n"));
    // Not asked for, it is no answer.
    EXPECT_FALSE(http_fetch(request_to(server.url())));
}

struct StatusCase {
    std::string name;
    std::string status;
    Errc code;
};

class HttpStatus : public HttpFetch, public testing::WithParamInterface<StatusCase> {};

TEST_P(HttpStatus, OtherThan200IsAnError) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response(GetParam().status, "", "<html>"));
    });
    const auto response = http_fetch(request_to(server.url("/x?key=secret")));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, GetParam().code);
    EXPECT_THAT(response.error().message,
                HasSubstr("HTTP status " + GetParam().status.substr(0, 3)));
    EXPECT_THAT(response.error().message, Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(Http, HttpStatus,
                         testing::Values(StatusCase{"not_found", "404 Not Found", Errc::NotFound},
                                         StatusCase{"gone", "410 Gone", Errc::NotFound},
                                         StatusCase{"forbidden", "403 Forbidden", Errc::Io},
                                         StatusCase{"broken", "500 Oops", Errc::Io},
                                         StatusCase{"partial", "206 Partial Content", Errc::Io},
                                         StatusCase{"no_content", "204 No Content", Errc::Io}),
                         [](const auto& param) { return param.param.name; });

TEST_F(HttpFetch, RefusesTheLoopbackUnlessAllowed) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "x"));
    });
    HttpRequest request = request_to(server.url());
    request.guard = {};
    const auto refused = http_fetch(request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::Refused);
    EXPECT_THAT(refused.error().message, HasSubstr("127.0.0.1: loopback (RFC 1122)"));
    EXPECT_TRUE(server.heads().empty());

    HttpRequest allowed = request_to(server.url());
    allowed.guard = {.allow_private = true, .allowed = {}};
    EXPECT_TRUE(http_fetch(allowed));
}

// The first host may be reached, the one that it points to may not.
TEST_F(HttpFetch, RefusesARedirectToAPrivateAddress) {
    const HttpServer inner("127.0.0.2", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "secret"));
    });
    const std::string target = inner.url("/admin");
    const HttpServer outer("127.0.0.1", [&](const std::string&, const HttpServer::Send& send) {
        send(http_response("302 Found", "Location: " + target + "\r\n", ""));
    });
    const auto response = http_fetch(request_to(outer.url()));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::Refused);
    EXPECT_THAT(response.error().message, HasSubstr("127.0.0.2"));
    EXPECT_TRUE(inner.heads().empty());
}

// Who may name a private address is the operator, not the server that answers there.
TEST_F(HttpFetch, AllowingPrivateAddressesAllowsNoRedirectToAnotherHost) {
    const HttpServer inner("127.0.0.2", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "secret"));
    });
    const std::string target = inner.url("/admin");
    const HttpServer outer("127.0.0.1", [&](const std::string&, const HttpServer::Send& send) {
        send(http_response("302 Found", "Location: " + target + "\r\n", ""));
    });
    HttpRequest request = request_to(outer.url());
    request.guard = {.allow_private = true, .allowed = {}};
    const auto response = http_fetch(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::Refused);
    EXPECT_THAT(response.error().message, HasSubstr("redirect to another host"));
    EXPECT_EQ(outer.heads().size(), 1U);
    EXPECT_TRUE(inner.heads().empty());
}

TEST_F(HttpFetch, AllowingPrivateAddressesAllowsARedirectOnTheSameHost) {
    const HttpServer server("127.0.0.1", [](const std::string& head, const HttpServer::Send& send) {
        send(head.starts_with("GET /old ") ? http_response("302 Found", "Location: /new\r\n", "")
                                           : http_response("200 OK", "", "there"));
    });
    HttpRequest request = request_to(server.url("/old"));
    request.guard = {.allow_private = true, .allowed = {}};
    const auto response = http_fetch(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(body_of(request), "there");
}

TEST_F(HttpFetch, FollowsThreeRedirectsAndNoFourth) {
    const HttpServer server("127.0.0.1", [](const std::string& head, const HttpServer::Send& send) {
        const std::size_t at = head.find("GET /") + 5;
        const int left = head[at] - '0';
        if (left == 0) {
            send(http_response("200 OK", "", "there"));
            return;
        }
        send(http_response(
            "302 Found",
            "ETag: \"of the redirect\"\r\nLocation: /" + std::to_string(left - 1) + "\r\n",
            "not this"));
    });
    const HttpRequest three = request_to(server.url("/3"));
    const auto reached = http_fetch(three);
    ASSERT_TRUE(reached) << reached.error().message;
    EXPECT_EQ(body_of(three), "there");
    EXPECT_EQ(reached->etag, "");
    const auto lost = http_fetch(request_to(server.url("/4")));
    ASSERT_FALSE(lost);
    EXPECT_THAT(lost.error().message, HasSubstr("more than 3 redirects"));
}

TEST_F(HttpFetch, RefusesARedirectToAFile) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("302 Found", "Location: file:///etc/passwd\r\n", ""));
    });
    const auto response = http_fetch(request_to(server.url()));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::Refused);
}

TEST_F(HttpFetch, EndsAnEndlessBodyAtTheLimit) {
    std::uint64_t sent = 0;
    const HttpServer server("127.0.0.1", [&](const std::string&, const HttpServer::Send& send) {
        const std::string block(65536, '1');
        bool alive = send("HTTP/1.1 200 OK\r\n\r\n");
        for (int i = 0; i < 10'000 && alive; ++i) {
            alive = send(block);
            sent += block.size();
        }
    });
    HttpRequest request = request_to(server.url());
    request.bytes_max = 1'000'000;
    const auto response = http_fetch(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::OutOfRange);
    EXPECT_LE(body_of(request).size(), 1'000'000U);
}

TEST_F(HttpFetch, TakesABodyOfExactlyTheLimit) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", std::string(1000, '1')));
    });
    HttpRequest request = request_to(server.url());
    request.bytes_max = 1000;
    EXPECT_TRUE(http_fetch(request));
    HttpRequest smaller = request_to(server.url());
    smaller.bytes_max = 999;
    EXPECT_FALSE(http_fetch(smaller));
}

TEST_F(HttpFetch, ReportsABodyShorterThanItsLength) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    });
    const auto response = http_fetch(request_to(server.url()));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::Io);
}

// Ends by the total time, whatever the test machine is doing; the server gives up by itself.
TEST_F(HttpFetch, EndsASlowDrip) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        bool alive = send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        for (int i = 0; i < 100 && alive; ++i) {
            alive = send("1");
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    });
    HttpRequest request = request_to(server.url());
    request.timeout_s = 1;
    const auto response = http_fetch(request);
    ASSERT_FALSE(response);
    EXPECT_THAT(response.error().message, HasSubstr("timed out or stalled"));
}

TEST_F(HttpFetch, UsesNoProxyOfTheEnvironment) {
    const HttpServer server("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "direct"));
    });
    const HttpServer proxy("127.0.0.1", [](const std::string&, const HttpServer::Send& send) {
        send(http_response("200 OK", "", "by proxy"));
    });
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    const HttpRequest request = request_to(server.url());
    const auto response = http_fetch(request);
    ::unsetenv("http_proxy");
    ASSERT_TRUE(response);
    EXPECT_EQ(body_of(request), "direct");
}

}  // namespace
}  // namespace fairlist::importer
