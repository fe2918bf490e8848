// EchoHandler: a message handler that sends back what it gets, for tests of the transports.
#pragma once

#include "server/net/message_handler.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>

namespace fairlist::net {

// A message that begins with 0xFF gets no answer; one that begins with 0xEE as many bytes as the
// space holds, up to 60000.
class EchoHandler final : public MessageHandler {
  public:
    void begin_batch(const Moment&) noexcept override { in_batch_ = true; }
    void end_batch() noexcept override {
        in_batch_ = false;
        batches_.fetch_add(1);
    }
    std::size_t answer(std::span<const std::uint8_t> message, const answer::Client& client,
                       std::span<std::uint8_t> out) noexcept override {
        answered_outside_batch_ = answered_outside_batch_ || !in_batch_;
        answers_.fetch_add(1);
        last_client_ = client;
        if (message.empty() || message[0] == 0xFF) {
            return 0;
        }
        if (message[0] == 0xEE) {
            const std::size_t size = std::min<std::size_t>(out.size(), 60000);
            std::fill_n(out.begin(), size, message[1]);
            return size;
        }
        std::ranges::copy(message, out.begin());
        return message.size();
    }

    // After the server's thread has ended.
    [[nodiscard]] bool answered_outside_batch() const noexcept { return answered_outside_batch_; }
    [[nodiscard]] const answer::Client& last_client() const noexcept { return last_client_; }
    // At any time.
    [[nodiscard]] unsigned answers() const noexcept { return answers_.load(); }
    [[nodiscard]] unsigned batches() const noexcept { return batches_.load(); }

  private:
    std::atomic<unsigned> answers_{0};
    std::atomic<unsigned> batches_{0};
    bool in_batch_ = false;
    bool answered_outside_batch_ = false;
    answer::Client last_client_;
};

}  // namespace fairlist::net
