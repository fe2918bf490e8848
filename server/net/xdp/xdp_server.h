// XdpServer: the thread that answers what comes in by one packet socket.
#pragma once

#include "server/net/counters.h"
#include "server/net/message_handler.h"
#include "server/net/socket.h"
#include "server/net/xdp/frame_reader.h"
#include "server/net/xdp/packet_socket.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <thread>

namespace fairlist::net::xdp {

// As UdpServer, for the frames that the XDP program takes off the kernel's way.
class XdpServer {
  public:
    // No answer makes a packet of more than `mtu` bytes. `name` is the thread's, at most 15 bytes.
    // Lifetime: `socket`, `handler` and `counters` outlive it.
    XdpServer(PacketSocket& socket, std::size_t mtu, std::string name, MessageHandler& handler,
              Counters& counters);
    XdpServer(const XdpServer&) = delete;
    XdpServer& operator=(const XdpServer&) = delete;
    ~XdpServer();

    // Once.
    void start();
    // Two steps, so that many can stop at the same time. What has arrived before is answered.
    void request_stop() noexcept;
    void join() noexcept;

  private:
    void run() noexcept;
    void serve(std::size_t count) noexcept;
    // All frames first, so that what their answers need is fetched from memory at the same time.
    void read_batch(std::size_t count) noexcept;
    void answer_query(const QueryFrame& query) noexcept;
    void send_reply(const QueryFrame& query, std::size_t message_bytes,
                    std::span<std::uint8_t> space) noexcept;
    [[nodiscard]] std::uint16_t next_identification() noexcept;

    PacketSocket& socket_;
    std::size_t packet_bytes_max_;
    std::string name_;
    MessageHandler& handler_;
    Counters& counters_;
    Socket wake_;
    std::uint64_t identification_state_;
    std::array<QueryFrame, kFrameBatchMax> queries_{};
    std::array<std::span<const std::uint8_t>, kFrameBatchMax> messages_{};
    std::size_t query_count_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace fairlist::net::xdp
