// TcpServer: all TCP connections of the daemon, served by one thread.
#pragma once

#include "listing/model/prefix.h"
#include "server/net/counters.h"
#include "server/net/message_handler.h"
#include "server/net/settings.h"
#include "server/net/socket.h"
#include "server/net/tcp_connection.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fairlist::net {

// What becomes of the connections and the listeners of a server that stops.
enum class Ending : std::uint8_t {
    Close,  // what has arrived is answered; clients have the I/O timeout to take their answers
    // The same, but who waits for nothing is kept open for the next server, as are the listeners. A
    // message that has begun to come has the I/O timeout to end, and is answered.
    HandOver,
};

// TCP carries the few answers that UDP has truncated, so one thread is plenty. Over a cap new
// connections are closed at once: those that are served keep being served.
class TcpServer {
  public:
    // Takes listening, non-blocking sockets. Lifetime: the references outlive it.
    TcpServer(std::vector<Socket> listeners, const SettingsBox& box, MessageHandler& handler,
              Counters& counters);
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;
    ~TcpServer();

    // Once. Serves `connections` of a former server as if they had just been accepted. Errors: Io,
    // when the kernel gives no epoll.
    [[nodiscard]] Result<void> start(std::vector<Socket> connections = {});
    void request_stop(Ending ending = Ending::Close) noexcept;
    void join() noexcept;
    // Listeners and connections. Requires: join() has returned, after Ending::HandOver.
    [[nodiscard]] std::vector<Socket> release() noexcept;

    // Requires: start() was not called, or join() not yet.
    [[nodiscard]] const std::vector<Socket>& listeners() const noexcept { return listeners_; }

  private:
    struct Client {
        Client(Socket socket, const Address& address, std::uint64_t now_ms) noexcept
            : connection(std::move(socket), address, now_ms) {}

        TcpConnection connection;
        bool waits_to_write = false;  // what epoll watches it for; else for reading
    };

    void run();
    void close_down();
    void hand_over();
    void keep_idle_ones();
    void serve_all();
    [[nodiscard]] std::vector<int> open_descriptors() const;
    // Waits until `deadline_ms` at most, and serves what has come.
    void serve_once(std::uint64_t deadline_ms);
    void dispatch(int descriptor);
    void accept_from(const Socket& listener);
    // False: no more can be accepted now.
    [[nodiscard]] bool accept_one(const Socket& listener);
    void adopt(Socket socket);
    void add_client(Socket socket, const Address& peer);
    void pause_accepting();
    void resume_accepting();
    void serve(Client& client);
    void apply(Client& client, TcpConnection::Next next);
    void watch(int operation, int descriptor, std::uint32_t events) noexcept;
    void close(const TcpConnection& connection);
    void cut_late_ones();
    void refresh_settings();

    std::vector<Socket> listeners_;
    const SettingsBox& box_;
    MessageHandler& handler_;
    Counters& counters_;
    std::shared_ptr<const Settings> settings_;
    std::uint64_t version_;
    Socket epoll_;
    Socket stop_event_;
    std::unordered_map<int, Client> clients_;      // by descriptor
    std::map<Prefix, std::uint32_t> per_network_;  // open connections
    std::unique_ptr<TcpScratch> scratch_ = std::make_unique<TcpScratch>();
    std::uint64_t now_ms_ = 0;
    std::uint64_t next_sweep_ms_ = 0;    // no connection is late before
    std::uint64_t accept_again_ms_ = 0;  // 0: accepting
    bool stopping_ = false;
    std::atomic<Ending> ending_{Ending::Close};
    std::vector<Socket> kept_;  // for the next server
    std::thread thread_;
};

}  // namespace fairlist::net
