// UdpServer: one socket and the thread that answers what comes in by it.
#pragma once

#include "server/net/counters.h"
#include "server/net/message_handler.h"
#include "server/net/socket.h"
#include "server/net/udp_batch.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>

namespace fairlist::net {

// A thread for each socket rather than one that polls several: a worker then waits in recvmmsg
// itself, which saves a system call for every batch, and the idle ones cost nothing but buffers.
class UdpServer {
  public:
    // Takes a blocking socket. `name` is the thread's, at most 15 bytes. Lifetime: `handler` and
    // `counters` outlive it.
    UdpServer(Socket socket, std::string name, MessageHandler& handler, Counters& counters);
    UdpServer(const UdpServer&) = delete;
    UdpServer& operator=(const UdpServer&) = delete;
    ~UdpServer();

    // Once.
    void start();
    // Two steps, so that many can stop at the same time. What has arrived before is answered, and
    // the socket is as good as before: what arrives later waits in it for its next owner.
    void request_stop() noexcept;
    // Requires: request_stop() was called.
    void join() noexcept;
    // Requires: join() has returned.
    [[nodiscard]] Socket release() noexcept { return std::move(socket_); }

    [[nodiscard]] const Socket& socket() const noexcept { return socket_; }

  private:
    void run() noexcept;
    void serve() noexcept;
    void wake() noexcept;

    Socket socket_;
    std::string name_;
    MessageHandler& handler_;
    Counters& counters_;
    UdpBatch batch_;
    std::size_t received_ = 0;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> has_seen_stop_{false};
    std::thread thread_;
};

}  // namespace fairlist::net
