// HttpSite: a server on loopback with the sensor routes, some routes for tests, and known tokens.
#pragma once

#include "server/http/http_server.h"
#include "server/http/sensor_routes.h"
#include "tests/unit/server/http/raw_client.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::http {

// "machine", "provider" and "operator" are tokens of those roles; "none" is one whose role was
// never set; "broken" cannot be looked up.
class KnownTokens final : public TokenCheck {
  public:
    std::optional<Principal> principal(std::string_view bearer_token) override;
};

// Remembers what it got, and answers what it is told.
class SinkStub final : public SensorSink {
  public:
    Result<Taken> take_hits(const Principal& sensor, std::string_view lines) override;
    Result<Taken> take_report(const Principal& sensor, std::string_view content_type,
                              std::string_view body) override;

    Result<Taken> answer = Taken{.accepted = 1, .duplicates = 0, .refused = {}};
    std::vector<std::string> taken;  // "NAME TYPE BODY"

  private:
    Result<Taken> take(std::string text);

    std::mutex mutex_;
};

// A door that the handler of GET /test/wait stands before.
class Gate {
  public:
    void pass();
    void open();
    // Until so many have stood before it.
    void await(unsigned count);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    unsigned arrived_ = 0;
    bool is_open_ = false;
};

class HttpSite : public testing::Test {
  protected:
    // Loopback, a port that the kernel chooses, and no limit of the rate.
    [[nodiscard]] static HttpSettings settings();
    void serve(HttpSettings settings);
    void serve(const HttpLimits& limits);
    ~HttpSite() override;

    [[nodiscard]] std::uint16_t port(std::size_t index = 0) const {
        return server_->ports().at(index);
    }
    [[nodiscard]] std::uint64_t count(HttpCount count) const {
        return server_->counters().value(count);
    }
    // Until the counter is there; a hang is a failure.
    void await(HttpCount count, std::uint64_t value) const;
    void await_none_open() const;
    [[nodiscard]] std::vector<std::string> warnings();

    KnownTokens tokens_;
    SinkStub sink_;
    Gate gate_;
    std::unique_ptr<HttpServer> server_;

  private:
    [[nodiscard]] Router make_router();

    std::mutex mutex_;
    std::vector<std::string> warnings_;  // guarded by mutex_
};

// "METHOD PATH" with a Host, more fields (each with its CRLF), and a body of announced length.
[[nodiscard]] std::string request(std::string_view line, std::string_view fields = {},
                                  std::string_view body = {});

inline constexpr std::string_view kMachine = "Authorization: Bearer machine\r\n";
inline constexpr std::string_view kLines = "Content-Type: application/x-ndjson\r\n";

}  // namespace fairlist::http
