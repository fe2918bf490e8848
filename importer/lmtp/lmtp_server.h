// LMTP server: takes the mails of traps over TCP and Unix sockets, and hands them to a sink.
#pragma once

#include "importer/fetch/descriptor.h"
#include "importer/lmtp/lmtp_session.h"
#include "importer/lmtp/mail_sink.h"
#include "listing/base/result.h"
#include "listing/model/prefix.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct LmtpServerOptions {
    std::string host_name = "localhost";
    LmtpLimits limits;
    // Peers over TCP whose XFORWARD and XCLIENT are believed; those over a Unix socket always are.
    std::vector<Prefix> trusted;
    std::size_t connections_max = 100;
    // Of all mails that are being received or are with the sink; a string may hold twice as much.
    std::size_t content_bytes_max = std::size_t{256} << 20U;

    // Between two commands, between two pieces of a mail, and for a reply to be taken.
    std::chrono::milliseconds idle_timeout{std::chrono::minutes(5)};
    std::chrono::milliseconds data_timeout{std::chrono::minutes(10)};      // a whole mail
    std::chrono::milliseconds delivery_timeout{std::chrono::minutes(10)};  // the sink
    std::chrono::milliseconds accept_pause{std::chrono::seconds(1)};       // no descriptor is left

    // What an operator should know, in the server's thread. Connections that cannot be taken are
    // told once, until one can.
    std::function<void(std::string_view)> warn;
};

// Since the start.
struct LmtpCounters {
    std::atomic<std::uint64_t> connections{0};          // taken
    std::atomic<std::uint64_t> connections_refused{0};  // over connections_max
    std::atomic<std::uint64_t> messages{0};             // whole, and given to the sink
    std::atomic<std::uint64_t> bytes{0};                // of those
    std::atomic<std::uint64_t> recipients_refused{0};   // unknown
    // Recipients told to come again: the sink could not look them up or not store their mail.
    std::atomic<std::uint64_t> temporary_failures{0};
};

// A mail is acknowledged when the sink has said that it is durable, and not before: what the client
// was not told it sends again. While the sink has a mail, nothing is read from its connection, so
// that a client cannot fill the memory with what it sends ahead.
//
// Thread: one of its own runs everything, from start() to stop().
class LmtpServer {
  public:
    // `listeners`: as listen_on() gives them, or opened by another process; the server has
    // duplicates of its own. Requires:
    // `sink` outlives the server, but may call a mail's `done` after its end. Errors: Io, Malformed
    // (no listener,
    // or one that is no listening socket).
    [[nodiscard]] static Result<std::unique_ptr<LmtpServer>> create(
        LmtpServerOptions options, const std::vector<Descriptor>& listeners, MailSink& sink);
    ~LmtpServer();
    LmtpServer(const LmtpServer&) = delete;
    LmtpServer& operator=(const LmtpServer&) = delete;

    // Begins to take connections; those that came before have waited in the sockets. Once.
    void start();

    // Takes no more connections; answers 421 to those that wait for commands or are sending a mail;
    // waits up to `grace` for the mails that the sink has, and acknowledges them. Then all is
    // closed: what was not acknowledged comes again.
    // Thread: any but the server's own.
    void stop(std::chrono::milliseconds grace);

    // Of the TCP listeners, in their order.
    [[nodiscard]] std::vector<std::uint16_t> ports() const;
    [[nodiscard]] const LmtpCounters& counters() const noexcept;

  private:
    class Loop;
    explicit LmtpServer(std::unique_ptr<Loop> loop);

    std::unique_ptr<Loop> loop_;
};

}  // namespace fairlist::importer
