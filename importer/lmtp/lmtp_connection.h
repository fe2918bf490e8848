// LMTP connection: one client of an LMTP server, and what all of them share. Slow to compile: for
// the server's own files only.
#pragma once

#include "importer/lmtp/lmtp_server.h"
#include "importer/lmtp/lmtp_session.h"
#include "importer/lmtp/mail_sink.h"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fairlist::importer {

using LmtpClock = std::chrono::steady_clock;
using LmtpSocket = boost::asio::generic::stream_protocol::socket;

inline constexpr std::size_t kLmtpReadBytes = 32768;

// The way back from the sink's threads; open until the loop has ended.
class LmtpPostbox {
  public:
    explicit LmtpPostbox(boost::asio::io_context& io) : io_(&io) {}

    template <typename Handler>
    void post(Handler handler) {
        const std::lock_guard lock(mutex_);
        if (io_ != nullptr) {
            boost::asio::post(*io_, std::move(handler));
        }
    }
    void close() {
        const std::lock_guard lock(mutex_);
        io_ = nullptr;
    }

  private:
    std::mutex mutex_;
    boost::asio::io_context* io_;
};

// What all connections of a server share. Thread: the loop's.
struct LmtpShared {
    LmtpShared(LmtpServerOptions given_options, MailSink& given_sink)
        : options(std::move(given_options)), sink(given_sink) {}

    void warn(std::string_view text) const {
        if (options.warn) {
            options.warn(text);
        }
    }
    [[nodiscard]] std::size_t room() const noexcept {
        return options.content_bytes_max - std::min(content_bytes, options.content_bytes_max);
    }

    LmtpServerOptions options;
    MailSink& sink;
    LmtpCounters counters;
    boost::asio::io_context io{1};
    std::shared_ptr<LmtpPostbox> postbox = std::make_shared<LmtpPostbox>(io);
    std::size_t content_bytes = 0;
    bool stopping = false;
    std::function<void(std::uint64_t id)> closed;  // a connection tells its end
};

// One client. At any time it reads, writes or waits for the sink; only its last reply may be
// written while a read, whose bytes nobody wants any more, is still waiting.
class LmtpConnection : public std::enable_shared_from_this<LmtpConnection> {
  public:
    LmtpConnection(LmtpShared& shared, LmtpSocket socket, std::uint64_t id, bool trusted)
        : shared_(shared),
          socket_(std::move(socket)),
          timer_(shared.io),
          id_(id),
          session_({shared.options.host_name, trusted, shared.options.limits}) {}

    // Until a wait begins: for input, for the client to take a reply, for the sink, or the end.
    void advance();
    // With a last reply, once what is with the sink is answered.
    void stop();
    // At once.
    void close();

  private:
    [[nodiscard]] LmtpEvent next_event();
    void check_recipient();
    void deliver();
    void delivered(std::uint64_t ticket, const std::vector<Delivery>& deliveries);
    void read();
    void on_read(const boost::system::error_code& error, std::size_t bytes);
    void write(std::string_view last_reply = {});
    void on_written(const boost::system::error_code& error);
    void finish(std::string_view last_reply);

    void set_content(std::size_t bytes);
    void set_read_deadline();
    void set_deadline(LmtpClock::duration from_now) { arm(LmtpClock::now() + from_now); }
    void arm(LmtpClock::time_point deadline);
    void on_timer();
    void expired();

    LmtpShared& shared_;
    LmtpSocket socket_;
    boost::asio::steady_timer timer_;
    std::uint64_t id_;
    LmtpSession session_;

    std::array<char, kLmtpReadBytes> buffer_{};
    std::string_view input_;  // of buffer_: not used yet
    std::string outgoing_;
    bool reading_ = false;
    bool writing_ = false;
    bool with_sink_ = false;
    bool finishing_ = false;    // the last reply is on its way, or is out
    std::uint64_t ticket_ = 0;  // of the mail that is with the sink

    std::size_t content_bytes_ = 0;  // as counted in LmtpShared
    std::uint64_t commands_seen_ = UINT64_MAX;
    std::optional<LmtpClock::time_point> data_deadline_;
    // The timer is set again only when it fires, or for an earlier deadline: most deadlines are
    // replaced long before they come.
    LmtpClock::time_point deadline_ = LmtpClock::time_point::max();
    LmtpClock::time_point armed_for_ = LmtpClock::time_point::max();
};

}  // namespace fairlist::importer
