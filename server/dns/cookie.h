// CookieSigner: DNS server cookies that any server with the same secrets understands. RFC 9018.
#pragma once

#include "listing/base/time.h"
#include "listing/model/address.h"
#include "server/dns/query.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace fairlist::dns {

inline constexpr std::size_t kServerCookieBytes = 16;
inline constexpr std::size_t kCookieSecretBytes = 16;
inline constexpr std::size_t kCookieSecretsMax = 4;

// RFC 9018 section 4.3.
inline constexpr std::uint32_t kCookiePastSecondsMax = 3600;
inline constexpr std::uint32_t kCookieFutureSecondsMax = 300;
inline constexpr std::uint32_t kCookieRenewalSeconds = 1800;

using ServerCookie = std::array<std::uint8_t, kServerCookieBytes>;
using CookieSecret = std::array<std::uint8_t, kCookieSecretBytes>;

struct CookieReply {
    bool valid = false;  // the client has presented a cookie of ours: its address is its own
    ServerCookie cookie{};
};

// Thread: immutable once made, so that all workers may share one.
class CookieSigner {
  public:
    // Newest first: the first signs, all are accepted (RFC 9018 section 5). Requires: 1 to
    // kCookieSecretsMax secrets.
    explicit CookieSigner(std::span<const CookieSecret> secrets) noexcept;

    // A new cookie for this client.
    [[nodiscard]] ServerCookie make(std::span<const std::uint8_t, 8> client_cookie,
                                    const Address& client, Time now) const noexcept;

    // Whether the presented server cookie is ours, for this client, and of an age allowed now.
    [[nodiscard]] bool check(const Cookie& presented, const Address& client,
                             Time now) const noexcept;

    // What to send back: the presented cookie while it is valid, young and of the newest secret,
    // else a new one (RFC 9018 section 4.3).
    [[nodiscard]] CookieReply make_response_cookie(const Cookie& presented, const Address& client,
                                                   Time now) const noexcept;

  private:
    // The place of the secret that the presented cookie was made with; none: not a cookie of ours.
    [[nodiscard]] std::optional<std::size_t> signer_of(const Cookie& presented,
                                                       const Address& client,
                                                       Time now) const noexcept;

    std::array<CookieSecret, kCookieSecretsMax> secrets_{};
    std::size_t count_ = 0;
};

}  // namespace fairlist::dns
