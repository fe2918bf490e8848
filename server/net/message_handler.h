// MessageHandler: turns one received message into one response, whatever carries it.
#pragma once

#include "listing/base/time.h"
#include "server/answer/resolver.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace fairlist::net {

// The clocks, read once a batch: the wall for what ends by date, the other for limits and timeouts.
struct Moment {
    Time wall;
    std::uint64_t monotonic_ms = 0;
};

// Both are the kernel's coarse clocks: a few milliseconds behind, and nearly free to read.
[[nodiscard]] Moment current_moment() noexcept;

// Thread: each belongs to one worker.
class MessageHandler {
  public:
    MessageHandler() = default;
    MessageHandler(const MessageHandler&) = delete;
    MessageHandler& operator=(const MessageHandler&) = delete;
    virtual ~MessageHandler() = default;

    // Around each batch of messages. Between end_batch() and begin_batch() no snapshot is held, so
    // that a worker may wait as long as it likes.
    virtual void begin_batch(const Moment& moment) noexcept = 0;
    virtual void end_batch() noexcept = 0;

    // A hint of the messages that answer() will get next, so that what they need is fetched from
    // memory at the same time. Between begin_batch() and end_batch().
    virtual void expect(std::span<const std::span<const std::uint8_t>> messages) noexcept {
        static_cast<void>(messages);
    }

    // Writes the response to `message` and returns its size; 0: send nothing, and over TCP close
    // the connection. `out` must not overlap `message`.
    [[nodiscard]] virtual std::size_t answer(std::span<const std::uint8_t> message,
                                             const answer::Client& client,
                                             std::span<std::uint8_t> out) noexcept = 0;
};

}  // namespace fairlist::net
