// QueryHandler: a DNS message in, the response out: parsing, cookies, resolving, limits, counting.
#pragma once

#include "server/answer/view.h"
#include "server/dns/answer.h"
#include "server/dns/cookie.h"
#include "server/dns/query.h"
#include "server/dns/response_writer.h"
#include "server/net/counters.h"
#include "server/net/message_handler.h"
#include "server/net/rate_limit.h"
#include "server/net/settings.h"

#include <cstdint>
#include <memory>
#include <span>

namespace fairlist::net {

// The same for UDP and TCP. Lifetime: the references outlive it.
class QueryHandler final : public MessageHandler {
  public:
    QueryHandler(store::Environment& environment, const SettingsBox& box, Counters& counters);

    void begin_batch(const Moment& moment) noexcept override;
    void end_batch() noexcept override;
    void expect(std::span<const std::span<const std::uint8_t>> messages) noexcept override;
    [[nodiscard]] std::size_t answer(std::span<const std::uint8_t> message,
                                     const answer::Client& client,
                                     std::span<std::uint8_t> out) noexcept override;

  private:
    // Server and client part of the cookie to send back; sets query_.edns.cookie.valid.
    [[nodiscard]] dns::ServerCookie renew_cookie(const answer::Client& client) noexcept;
    [[nodiscard]] bool is_cookie_alone() const noexcept;
    // Applies the limit to answer_; whether anything is to be sent.
    [[nodiscard]] bool within_limits(const answer::Client& client) noexcept;
    void count(std::span<const std::uint8_t> response) noexcept;

    const SettingsBox& box_;
    Counters& counters_;
    std::uint64_t version_;
    std::shared_ptr<const Settings> settings_;
    answer::View view_;
    RateLimiter limiter_;
    Moment moment_;
    dns::Query query_;
    dns::Answer answer_;
};

}  // namespace fairlist::net
