// TcpConnection: one client's stream: messages in, responses out, and until when it may wait.
#pragma once

#include "server/net/message_handler.h"
#include "server/net/settings.h"
#include "server/net/socket.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace fairlist::net {

inline constexpr std::size_t kTcpLengthBytes = 2;  // RFC 1035 section 4.2.2
inline constexpr std::size_t kTcpFrameBytesMax = kTcpLengthBytes + dns::kTcpBytesMax;
// Read at one go: what one connection may ask before it is another's turn.
inline constexpr std::size_t kTcpReadBytes = 16384;

// Working space that all connections of a thread share, so that idle ones hold none.
struct TcpScratch {
    std::array<std::uint8_t, kTcpReadBytes> input;
    std::array<std::uint8_t, 2 * kTcpFrameBytesMax> output;
};

// Responses go out in the order of their queries. While the client has not taken all of them, no
// more is read from it: that bounds what is held for it to one frame of input with one read and
// one scratch of output.
class TcpConnection {
  public:
    // What the owner is to do next.
    enum class Next : std::uint8_t { Read, Write, Close };

    TcpConnection(Socket socket, const Address& client, std::uint64_t now_ms) noexcept;
    TcpConnection(const TcpConnection&) = delete;
    TcpConnection& operator=(const TcpConnection&) = delete;
    // What the client has not taken by now is thrown away.
    ~TcpConnection();

    [[nodiscard]] Next on_readable(MessageHandler& handler, TcpScratch& scratch,
                                   std::uint64_t now_ms);
    [[nodiscard]] Next on_writable(MessageHandler& handler, TcpScratch& scratch,
                                   std::uint64_t now_ms);

    // No more is to be read: Next::Close once everything is sent. For a server that stops.
    [[nodiscard]] Next finish() noexcept;

    // Nothing is half received, half sent or about to close: what else comes, another may answer.
    [[nodiscard]] bool is_between_messages() const noexcept;
    // Requires: is_between_messages().
    [[nodiscard]] Socket release() noexcept { return std::move(socket_); }

    // In the clock of `now_ms`: when it must be cut if nothing happens before.
    [[nodiscard]] std::uint64_t deadline(const TcpLimits& limits) const noexcept;

    [[nodiscard]] const Address& client() const noexcept { return client_.address; }
    [[nodiscard]] int descriptor() const noexcept { return socket_.descriptor(); }

  private:
    [[nodiscard]] Next serve(MessageHandler& handler, TcpScratch& scratch, std::uint64_t now_ms);
    [[nodiscard]] std::size_t answer_messages(std::span<const std::uint8_t> input,
                                              MessageHandler& handler, TcpScratch& scratch);
    void send(std::span<const std::uint8_t> bytes);
    [[nodiscard]] Next next() const noexcept;

    Socket socket_;
    answer::Client client_;
    std::vector<std::uint8_t> input_;   // not yet answered
    std::vector<std::uint8_t> output_;  // not yet taken by the client
    bool closing_ = false;              // no more is read; closed when output_ is empty
    bool broken_ = false;               // nothing can be sent any more
    std::uint64_t opened_ms_;
    std::uint64_t waiting_since_ms_;  // for a message to begin, to end, or for output_ to be taken
};

}  // namespace fairlist::net
