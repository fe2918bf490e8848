#include "server/net/tcp_connection.h"

#include "server/dns/wire_reader.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace fairlist::net {

TcpConnection::TcpConnection(Socket socket, const Address& client, std::uint64_t now_ms) noexcept
    : socket_(std::move(socket)),
      client_{.address = client, .over_tcp = true},
      opened_ms_(now_ms),
      waiting_since_ms_(now_ms) {}

TcpConnection::~TcpConnection() {
    if (!output_.empty()) {
        socket_.abort();
    }
}

TcpConnection::Next TcpConnection::on_readable(MessageHandler& handler, TcpScratch& scratch,
                                               std::uint64_t now_ms) {
    const ssize_t size =
        recv(descriptor(), scratch.input.data(), scratch.input.size(), MSG_DONTWAIT);
    if (size < 0) {
        return errno == EAGAIN || errno == EINTR ? next() : Next::Close;
    }
    if (size == 0) {
        // The client will ask no more, but may still be listening (RFC 7766 section 6.2.1).
        closing_ = true;
        return next();
    }
    const bool was_between_messages = input_.empty();
    const auto bytes = std::span(scratch.input).first(static_cast<std::size_t>(size));
    input_.insert(input_.end(), bytes.begin(), bytes.end());
    if (was_between_messages) {
        waiting_since_ms_ = now_ms;
    }
    return serve(handler, scratch, now_ms);
}

TcpConnection::Next TcpConnection::on_writable(MessageHandler& handler, TcpScratch& scratch,
                                               std::uint64_t now_ms) {
    const std::vector<std::uint8_t> waiting = std::exchange(output_, {});
    send(waiting);
    if (!output_.empty() || broken_) {
        return next();
    }
    waiting_since_ms_ = now_ms;
    return serve(handler, scratch, now_ms);
}

TcpConnection::Next TcpConnection::finish() noexcept {
    closing_ = true;
    return next();
}

bool TcpConnection::is_between_messages() const noexcept {
    return input_.empty() && output_.empty() && !closing_ && !broken_;
}

std::uint64_t TcpConnection::deadline(const TcpLimits& limits) const noexcept {
    const bool is_idle = input_.empty() && output_.empty();
    const std::uint64_t patience = is_idle ? limits.idle_timeout_ms : limits.io_timeout_ms;
    return std::min(waiting_since_ms_ + patience, opened_ms_ + limits.total_timeout_ms);
}

// Answers the complete messages of input_ until the client takes no more.
TcpConnection::Next TcpConnection::serve(MessageHandler& handler, TcpScratch& scratch,
                                         std::uint64_t now_ms) {
    const std::size_t used = answer_messages(input_, handler, scratch);
    if (used != 0) {
        input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(used));
        waiting_since_ms_ = now_ms;
    }
    if (input_.empty()) {
        input_ = {};  // gives the memory back: most connections are idle most of the time
    }
    return next();
}

// Returns how much of the input was used up.
std::size_t TcpConnection::answer_messages(std::span<const std::uint8_t> input,
                                           MessageHandler& handler, TcpScratch& scratch) {
    std::size_t used = 0;
    std::size_t filled = 0;
    bool refused = false;
    while (!refused && output_.empty() && !broken_) {
        dns::WireReader reader(input.subspan(used));
        const std::size_t length = reader.read_u16();
        const std::span<const std::uint8_t> message = reader.read_bytes(length);
        // A length that no message can have is known for one before the bytes are there.
        refused = reader.offset() >= kTcpLengthBytes && length < dns::kHeaderBytes;
        if (refused || !reader.ok()) {
            break;
        }
        const auto space = std::span(scratch.output).subspan(filled);
        const std::size_t size =
            handler.answer(message, client_, space.subspan(kTcpLengthBytes, dns::kTcpBytesMax));
        used += kTcpLengthBytes + length;
        refused = size == 0;
        if (refused) {
            break;
        }
        // Length and message leave together (RFC 7766 section 8).
        space[0] = static_cast<std::uint8_t>(size >> 8U);
        space[1] = static_cast<std::uint8_t>(size & 0xFFU);
        filled += kTcpLengthBytes + size;
        if (scratch.output.size() - filled < kTcpFrameBytesMax) {
            send(std::span(scratch.output).first(filled));
            filled = 0;
        }
    }
    if (filled != 0) {
        send(std::span(scratch.output).first(filled));
    }
    closing_ = closing_ || refused;
    return refused ? input.size() : used;
}

// What the kernel does not take now waits in output_.
void TcpConnection::send(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t sent =
            ::send(descriptor(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0 && errno == EAGAIN) {
            output_.assign(bytes.begin(), bytes.end());
            return;
        }
        if (sent <= 0) {
            broken_ = true;
            return;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

TcpConnection::Next TcpConnection::next() const noexcept {
    if (broken_) {
        return Next::Close;
    }
    if (!output_.empty()) {
        return Next::Write;
    }
    return closing_ ? Next::Close : Next::Read;
}

}  // namespace fairlist::net
