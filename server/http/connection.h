// Connection: one client, from its first byte to its last answer.
#pragma once

#include "server/http/byte_stream.h"
#include "server/http/client_limits.h"
#include "server/http/http_counters.h"
#include "server/http/http_settings.h"
#include "server/http/job_pool.h"
#include "server/http/request_reader.h"
#include "server/http/route_call.h"
#include "server/http/router.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fairlist::http {

// What connections share. Thread: that of the context, but for router, tokens, counters and warn,
// which workers use as well.
struct Shared {
    const HttpLimits& limits;
    const Router& router;
    TokenCheck& tokens;
    HttpCounters& counters;
    const std::function<void(std::string_view)>& warn;
    boost::asio::io_context& context;
    ClientLimits& clients;
    const TrustedProxies& proxies;
    JobPool& jobs;
    std::size_t body_bytes = 0;  // that requests in hand may fill
    bool stopping = false;
};

struct Peer {
    Address address;
    bool is_unix = false;
};

// The clock of ClientLimits.
[[nodiscard]] std::uint64_t monotonic_ms() noexcept;

// Reads a request, has it answered, and so on. A request is refused as early as possible: by its
// rate, its path and its announced size before its token is looked at, and before its body is read.
//
// Lifetime: kept alive by the operation it waits for; the shared parts outlive it.
// Thread: that of the context.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    // `on_end` is called once, when the connection has ended, at the latest by its destructor.
    Connection(Shared& shared, std::unique_ptr<ByteStream> stream, const Peer& peer,
               std::move_only_function<void()> on_end);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    void start();
    // After the answer in hand, or at once when there is none. Requires: shared.stopping.
    void stop();
    void end();

  private:
    enum class Phase : std::uint8_t {
        Handshake,
        Idle,  // no byte of a request has come
        Head,
        Work,  // a worker has it
        Body,
        Write,
        Linger,  // the last answer is written, and the client may be writing still
        Over,
    };

    void enter(Phase phase, std::chrono::milliseconds time);
    void on_time();
    void on_bad_handshake();
    void read();
    void on_read(std::size_t bytes);
    void advance();
    void await_request();

    void on_head();
    [[nodiscard]] std::optional<Response> judge_head();
    void set_client(Request& request) const;
    [[nodiscard]] std::uint32_t seconds_to_wait(const Request& request);
    void invite_body();
    void read_body();
    [[nodiscard]] bool reserve_body() noexcept;
    void release_body() noexcept;

    // Requires: the reader has the whole request, unless the task is Authorize.
    void work(Task task);
    void on_worked();

    void refuse();
    void respond_busy(std::string_view why);
    void respond(Response response);
    void count(unsigned status) noexcept;
    void on_written(bool ok);
    void linger();
    void discard();
    void finish();

    Shared& shared_;
    std::unique_ptr<ByteStream> stream_;
    Peer peer_;
    std::move_only_function<void()> on_end_;
    boost::asio::steady_timer timer_;
    std::uint64_t timer_turn_ = 0;
    RequestReader reader_;
    Phase phase_ = Phase::Handshake;
    Match match_;
    Outcome outcome_;  // a worker's
    Response response_;
    std::string head_;
    std::size_t reserved_ = 0;  // of shared_.body_bytes
    std::uint32_t requests_ = 0;
    std::size_t discarded_ = 0;
    bool is_late_ = false;
    bool is_last_ = false;
    bool has_ended_sending_ = false;
    std::array<char, std::size_t{16} << 10U> buffer_;
};

}  // namespace fairlist::http
