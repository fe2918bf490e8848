#include "server/http/http_server.h"

#include "tests/unit/server/http/http_site.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace fairlist::http {
namespace {

using namespace std::chrono_literals;

const std::string kHealth = request("GET /v1/health");
const std::string kHits =
    request("POST /v1/hits", std::string(kMachine) + std::string(kLines), "{}");

using HttpServerOf = HttpSite;

HttpLimits unlimited() {
    HttpLimits limits;
    limits.rate.per_second = 0;
    return limits;
}

TEST_F(HttpServerOf, AnswersManyRequestsOnOneConnection) {
    serve(settings());
    RawClient client(port());
    for (unsigned i = 0; i < 50; ++i) {
        const Answer answer = client.ask(kHealth);
        ASSERT_EQ(answer.status, 200U);
        EXPECT_EQ(answer.body, "{\"status\":\"ok\"}\n");
        EXPECT_EQ(answer.field("Content-Type"), "application/json");
        EXPECT_FALSE(answer.closes());
    }
    EXPECT_EQ(count(HttpCount::Opened), 1U);
    EXPECT_EQ(count(HttpCount::Requests), 50U);
    EXPECT_EQ(count(HttpCount::Answered2xx), 50U);
}

TEST_F(HttpServerOf, AnswersInOrderWhatIsSentAhead) {
    serve(settings());
    RawClient client(port());
    const std::string none = request("GET /none");
    ASSERT_TRUE(client.say(kHealth + none + kHits + kHealth));
    client.end_saying();
    EXPECT_EQ(statuses(client.hear_all()), (std::vector<unsigned>{200, 404, 200, 200}));
}

TEST_F(HttpServerOf, HeadHasTheHeaderOfGet) {
    serve(settings());
    RawClient client(port());
    Answer of_get = client.ask(kHealth);
    ASSERT_TRUE(client.say(request("HEAD /v1/health")));
    Answer of_head = client.hear(true);
    of_get.fields.erase("Date");
    of_head.fields.erase("Date");
    EXPECT_EQ(of_head.fields, of_get.fields);
    EXPECT_EQ(client.ask(kHealth).status, 200U);  // no body came between
}

TEST_F(HttpServerOf, KeepsTheConnectionAsTheClientWants) {
    serve(settings());
    RawClient one(port());
    EXPECT_TRUE(one.ask(request("GET /v1/health", "Connection: close\r\n")).closes());
    EXPECT_TRUE(one.is_closed());
    RawClient old(port());
    EXPECT_TRUE(old.ask("GET /v1/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").closes());
    EXPECT_TRUE(old.is_closed());
}

TEST_F(HttpServerOf, TellsWhatAPathTakes) {
    serve(settings());
    RawClient client(port());
    EXPECT_EQ(client.ask(request("OPTIONS /v1/hits")).field("Allow"), "POST, OPTIONS");
    EXPECT_EQ(client.ask(request("PUT /v1/health")).field("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(client.ask(request("PUT /test/cases/1")).field("Allow"),
              "GET, HEAD, DELETE, OPTIONS");
}

TEST_F(HttpServerOf, TellsThePathValues) {
    serve(settings());
    RawClient client(port());
    const std::string provider = "Authorization: bearer  provider\r\n";
    EXPECT_EQ(client.ask(request("GET /test/cases/192.0.2.0%2F24", provider)).body,
              "the-provider case=192.0.2.0/24 auth=bearer  provider body=");
    EXPECT_EQ(client.ask(request("GET /test/both?page=2", provider)).status, 200U);
    EXPECT_EQ(client.ask(request("GET /test/both?pgae=2", provider)).status, 400U);
    EXPECT_EQ(client.ask(request("GET /test/both?page=2&page=3", provider)).status, 400U);
}

// RFC 9110 section 10.1.1.
TEST_F(HttpServerOf, InvitesTheBodyOnlyOfWhoMaySendIt) {
    serve(settings());
    const std::string head =
        "POST /v1/hits HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n" +
        std::string(kLines);
    RawClient known(port());
    EXPECT_EQ(known.ask(head + std::string(kMachine) + "\r\n").status, 100U);
    EXPECT_EQ(known.ask("{}").status, 200U);
    RawClient unknown(port());
    EXPECT_EQ(unknown.ask(head + "\r\n").status, 401U);
    EXPECT_TRUE(unknown.is_closed());
    EXPECT_EQ(sink_.taken.size(), 1U);
    // HTTP/1.0 knows no 100.
    RawClient old(port());
    ASSERT_TRUE(
        old.say("POST /test/open HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}"));
    EXPECT_EQ(statuses(old.hear_all()), std::vector{200U});
}

// A client that writes its whole body first still gets to read the answer.
TEST_F(HttpServerOf, WhoIsRefusedEarlyCanReadWhy) {
    serve(settings());
    for (unsigned i = 0; i < 20; ++i) {
        RawClient client(port());
        const std::string body(900'000, 'x');
        ASSERT_TRUE(client.say(request("POST /v1/hits", kLines, body)));
        const Answer answer = client.hear();
        EXPECT_EQ(answer.status, 401U);
        EXPECT_TRUE(answer.closes());
    }
}

// RFC 9112 section 9.6: a reset would take the answer from some clients, Linux not among them.
TEST_F(HttpServerOf, WhoIsRefusedEarlyIsNotReset) {
    HttpLimits limits = unlimited();
    limits.linger_time = 1h;
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(
        client.ask("POST /v1/hits HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n").status,
        401U);
    for (unsigned i = 0; i < 9; ++i) {
        ASSERT_TRUE(client.say(std::string(100'000, 'x')));
    }
    // But it is not heard for ever.
    unsigned more = 0;
    constexpr unsigned kMany = 10'000;
    while (more < kMany && client.say(std::string(100'000, 'x'))) {
        ++more;
    }
    EXPECT_LT(more, kMany);
}

TEST_F(HttpServerOf, WhoIsRefusedEarlyHasToEndInTime) {
    HttpLimits limits = unlimited();
    limits.linger_time = 100ms;
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(client.ask("POST /v1/hits HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n").status,
              401U);
    await_none_open();
}

TEST_F(HttpServerOf, BodyUpToTheRoutesLimit) {
    serve(settings());
    RawClient client(port());
    const std::string fields = std::string(kMachine) + std::string(kLines);
    EXPECT_EQ(client.ask(request("POST /v1/hits", fields, std::string(kHitsBytesMax, 'x'))).status,
              200U);
    EXPECT_EQ(
        client.ask(request("POST /v1/hits", fields, std::string(kHitsBytesMax + 1, 'x'))).status,
        413U);
    ASSERT_EQ(sink_.taken.size(), 1U);
    EXPECT_EQ(sink_.taken[0], "the-machine hits " + std::string(kHitsBytesMax, 'x'));
}

TEST_F(HttpServerOf, RequestsOfAConnectionAreLimited) {
    HttpLimits limits = unlimited();
    limits.requests_per_connection = 3;
    serve(limits);
    RawClient client(port());
    EXPECT_FALSE(client.ask(kHealth).closes());
    EXPECT_FALSE(client.ask(kHealth).closes());
    EXPECT_TRUE(client.ask(kHealth).closes());
    EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServerOf, ConnectionsOfAClientAreLimited) {
    HttpLimits limits = unlimited();
    limits.connections_per_client = 2;
    serve(limits);
    RawClient first(port());
    RawClient second(port());
    EXPECT_EQ(first.ask(kHealth).status, 200U);
    EXPECT_EQ(second.ask(kHealth).status, 200U);
    RawClient third(port());
    const Answer refused = third.hear();
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.field("Retry-After"), "5");
    RawClient other(port(), "127.0.0.2");
    EXPECT_EQ(other.ask(kHealth).status, 200U);
    EXPECT_EQ(count(HttpCount::Refused), 1U);
    EXPECT_EQ(count(HttpCount::Open), 3U);
}

TEST_F(HttpServerOf, AClosedConnectionMakesRoom) {
    HttpLimits limits = unlimited();
    limits.connections_per_client = 1;
    serve(limits);
    for (unsigned i = 0; i < 20; ++i) {
        RawClient client(port());
        ASSERT_EQ(client.ask(request("GET /v1/health", "Connection: close\r\n")).status, 200U);
        client.end_saying();
        ASSERT_TRUE(client.is_closed());
        await_none_open();
    }
}

TEST_F(HttpServerOf, ConnectionsAreLimitedTogether) {
    HttpLimits limits = unlimited();
    limits.connections = 2;
    serve(limits);
    RawClient first(port(), "127.0.0.2");
    RawClient second(port(), "127.0.0.3");
    EXPECT_EQ(first.ask(kHealth).status, 200U);
    EXPECT_EQ(second.ask(kHealth).status, 200U);
    RawClient third(port(), "127.0.0.4");
    EXPECT_EQ(third.hear().status, 503U);
}

TEST_F(HttpServerOf, TheRateOfAClientIsLimited) {
    HttpLimits limits;
    limits.rate = {.per_second = 1, .burst = 3};
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(client.ask(kHealth).status, 200U);
    EXPECT_EQ(client.ask(kHits).status, 200U);
    EXPECT_EQ(client.ask(kHealth).status, 200U);
    const Answer refused = client.ask(kHealth);
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(refused.field("Retry-After"), "1");
    RawClient other(port(), "127.0.0.2");
    EXPECT_EQ(other.ask(kHealth).status, 200U);
    EXPECT_EQ(count(HttpCount::RateLimited), 1U);
}

TEST_F(HttpServerOf, TheQueueOfTheWorkersIsLimited) {
    HttpLimits limits = unlimited();
    limits.workers = 1;
    limits.jobs_waiting = 1;
    serve(limits);
    RawClient running(port());
    ASSERT_TRUE(running.say(request("GET /test/wait")));
    gate_.await(1);
    RawClient waiting(port());
    ASSERT_TRUE(waiting.say(kHealth));
    await(HttpCount::Requests, 2);
    RawClient third(port());
    const Answer refused = third.ask(kHealth);
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(refused.field("Retry-After"), "5");
    EXPECT_FALSE(refused.closes());
    gate_.open();
    EXPECT_EQ(running.hear().status, 200U);
    EXPECT_EQ(waiting.hear().status, 200U);
    EXPECT_EQ(third.ask(kHealth).status, 200U);
    EXPECT_EQ(count(HttpCount::Busy), 1U);
}

TEST_F(HttpServerOf, TheMemoryOfBodiesIsLimited) {
    HttpLimits limits = unlimited();
    limits.body_bytes_total = 10;
    serve(limits);
    RawClient first(port());
    ASSERT_TRUE(
        first.say("POST /test/open HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n"
                  "Expect: 100-continue\r\n\r\n"));
    EXPECT_EQ(first.hear().status, 100U);
    RawClient second(port());
    EXPECT_EQ(second.ask(request("POST /test/open", {}, "abc")).status, 503U);
    EXPECT_EQ(first.ask("12345678").status, 200U);
    // What it had is free again.
    RawClient third(port());
    EXPECT_EQ(third.ask(request("POST /test/open", {}, "0123456789")).status, 200U);
    // A chunked body may become as long as the route allows, which here is too much.
    RawClient fourth(port());
    EXPECT_EQ(fourth
                  .ask("POST /test/open HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "0\r\n\r\n")
                  .status,
              503U);
}

TEST_F(HttpServerOf, AHeaderThatDoesNotComeIs408) {
    HttpLimits limits = unlimited();
    limits.head_time = 100ms;
    serve(limits);
    RawClient client(port());
    const Answer answer = client.ask("GET /v1/health HTTP/1.1\r\nHost:");
    EXPECT_EQ(answer.status, 408U);
    EXPECT_TRUE(answer.closes());
    RawClient silent(port());
    EXPECT_TRUE(silent.is_closed());
    EXPECT_EQ(count(HttpCount::Late), 1U);
}

TEST_F(HttpServerOf, ABodyThatDoesNotComeIs408) {
    HttpLimits limits = unlimited();
    limits.body_time = 100ms;
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(
        client.ask("POST /test/open HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").status,
        408U);
    EXPECT_EQ(count(HttpCount::Late), 1U);
}

// Byte after byte does not buy time.
TEST_F(HttpServerOf, ASlowHeaderIs408) {
    HttpLimits limits = unlimited();
    limits.head_time = 200ms;
    serve(limits);
    RawClient client(port());
    unsigned sent = 0;
    constexpr unsigned kMany = 1'000'000;
    while (sent < kMany && client.say("\r\n") && count(HttpCount::Late) == 0) {
        ++sent;
    }
    EXPECT_LT(sent, kMany);
}

TEST_F(HttpServerOf, AnIdleConnectionIsClosed) {
    HttpLimits limits = unlimited();
    limits.idle_time = 100ms;
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(client.ask(kHealth).status, 200U);
    EXPECT_TRUE(client.is_closed());
    EXPECT_EQ(count(HttpCount::Late), 0U);
}

// A client that does not read must not keep its connection.
TEST_F(HttpServerOf, AnAnswerThatIsNotReadEnds) {
    HttpLimits limits = unlimited();
    limits.write_time = 100ms;
    limits.requests_per_connection = 1'000'000;
    serve(limits);
    RawClient client(port());
    std::string many;
    for (unsigned i = 0; i < 100; ++i) {
        many += kHealth;
    }
    unsigned rounds = 0;
    constexpr unsigned kMany = 10'000;
    while (rounds < kMany && client.say(many)) {
        ++rounds;
    }
    EXPECT_LT(rounds, kMany);
}

TEST_F(HttpServerOf, AHandlerThatThrowsIs503AndAWarning) {
    serve(settings());
    RawClient client(port());
    const Answer answer = client.ask(request("GET /test/throw"));
    EXPECT_EQ(answer.status, 503U);
    EXPECT_FALSE(answer.body.contains("broken")) << "what broke is nothing for the client";
    EXPECT_EQ(client.ask(kHealth).status, 200U);
    EXPECT_EQ(warnings(),
              std::vector<std::string>{"http: GET /test/throw failed: the store is broken"});
    EXPECT_EQ(count(HttpCount::HandlerFailures), 1U);
}

TEST_F(HttpServerOf, AnAnswerThatWouldSplitIs500AndAWarning) {
    serve(settings());
    RawClient client(port());
    const Answer answer = client.ask(request("GET /test/split"));
    EXPECT_EQ(answer.status, 500U);
    EXPECT_FALSE(answer.fields.contains("Set-Cookie"));
    EXPECT_EQ(warnings().size(), 1U);
}

TEST_F(HttpServerOf, StopAnswersTheRequestInHand) {
    serve(settings());
    RawClient idle(port());
    ASSERT_EQ(idle.ask(kHealth).status, 200U);
    RawClient busy(port());
    ASSERT_TRUE(busy.say(request("GET /test/wait")));
    gate_.await(1);
    std::thread stopping([&] { server_->stop(); });
    EXPECT_TRUE(idle.is_closed());
    gate_.open();
    const Answer answer = busy.hear();
    EXPECT_EQ(answer.body, "waited");
    EXPECT_TRUE(answer.closes());
    stopping.join();
    EXPECT_TRUE(busy.is_closed());
    EXPECT_EQ(count(HttpCount::Open), 0U);
    server_->stop();
}

TEST_F(HttpServerOf, StopDoesNotWaitForARequestThatDoesNotCome) {
    HttpLimits limits = unlimited();
    limits.stop_time = 100ms;
    limits.head_time = 1h;
    serve(limits);
    RawClient client(port());
    EXPECT_EQ(client.ask(kHealth + "GET").status, 200U);
    server_->stop();
    EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServerOf, PortsThatAreTakenAreErrors) {
    serve(settings());
    HttpSettings same = settings();
    same.endpoints[0].port = port();
    HttpServer second(same, Router({health_route()}), tokens_, [](std::string_view) {});
    const Result<void> opened = second.open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::Io);
    EXPECT_TRUE(opened.error().message.contains("127.0.0.1 port " + std::to_string(port())));
}

TEST_F(HttpServerOf, CountersAreOneLine) {
    serve(settings());
    RawClient client(port());
    ASSERT_EQ(client.ask(kHealth).status, 200U);
    ASSERT_EQ(client.ask(request("GET /none")).status, 404U);
    EXPECT_EQ(to_string(server_->counters()),
              "http_requests=2 http_opened=1 http_open=1 http_2xx=1 http_4xx=1");
}

class UnixSocket : public HttpSite {
  protected:
    UnixSocket() : folder_(std::filesystem::temp_directory_path() / "fairlist-http-XXXXXX") {
        std::string name = folder_.string();
        folder_ = mkdtemp(name.data());
        path_ = folder_ / "http.sock";
    }
    ~UnixSocket() override {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    HttpSettings by_path() {
        HttpSettings chosen;
        chosen.unix_socket = path_;
        return chosen;
    }
    Result<void> open_another() {
        HttpServer another(by_path(), Router({health_route()}), tokens_, [](std::string_view) {});
        return another.open();
    }

    std::filesystem::path folder_;
    std::filesystem::path path_;
};

TEST_F(UnixSocket, ServesWithoutLimitsOfAClient) {
    HttpSettings chosen = by_path();
    chosen.limits.connections_per_client = 1;
    chosen.limits.rate = {.per_second = 1, .burst = 1};
    serve(chosen);
    RawClient first(path_.string());
    RawClient second(path_.string());
    for (unsigned i = 0; i < 3; ++i) {
        EXPECT_EQ(first.ask(kHealth).status, 200U);
        EXPECT_EQ(second.ask(kHits).status, 200U);
    }
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(path_).permissions(), static_cast<perms>(0660));
    server_->stop();
    EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocket, OfALivingServerStays) {
    serve(by_path());
    const Result<void> opened = open_another();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::Conflict);
    RawClient client(path_.string());
    EXPECT_EQ(client.ask(kHealth).status, 200U);
}

TEST_F(UnixSocket, OfADeadServerIsReplaced) {
    serve(by_path());
    const std::filesystem::path kept = folder_ / "kept";
    std::filesystem::create_hard_link(path_, kept);
    server_->stop();
    std::filesystem::rename(kept, path_);
    serve(by_path());
    RawClient client(path_.string());
    EXPECT_EQ(client.ask(kHealth).status, 200U);
}

TEST_F(UnixSocket, NeverReplacesAFile) {
    std::ofstream(path_) << "precious";
    const Result<void> opened = open_another();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::Conflict);
    EXPECT_EQ(std::filesystem::file_size(path_), 8U);
}

TEST_F(UnixSocket, HasAPathOfLimitedLength) {
    path_ = folder_ / std::string(108, 'a');
    const Result<void> opened = open_another();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::OutOfRange);
}

}  // namespace
}  // namespace fairlist::http
