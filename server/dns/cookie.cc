#include "server/dns/cookie.h"

#include "listing/base/check.h"
#include "server/dns/wire_reader.h"
#include "server/dns/wire_writer.h"

#include <sodium.h>

#include <algorithm>

namespace fairlist::dns {
namespace {

constexpr std::uint32_t kVersionOne = 0x0100'0000;  // version and three reserved octets
constexpr std::size_t kPrefixBytes = 8;             // version, reserved, timestamp
constexpr std::size_t kHashInputBytesMax = 8 + kPrefixBytes + 16;

static_assert(crypto_shorthash_BYTES == kServerCookieBytes - kPrefixBytes);
static_assert(crypto_shorthash_KEYBYTES == kCookieSecretBytes);

// RFC 9018 section 4.4: the hash covers the client cookie, all that stands before the hash as it
// was sent, and the client's address.
ServerCookie sign(const CookieSecret& secret, std::span<const std::uint8_t, 8> client_cookie,
                  std::span<const std::uint8_t, kPrefixBytes> prefix,
                  const Address& client) noexcept {
    std::array<std::uint8_t, kHashInputBytesMax> input{};
    WireWriter writer(input);
    writer.write_bytes(client_cookie);
    writer.write_bytes(prefix);
    if (client.is_v4()) {
        writer.write_u32(client.v4());
    } else {
        writer.write_bytes(client.to_bytes());
    }
    ServerCookie cookie{};
    std::ranges::copy(prefix, cookie.begin());
    crypto_shorthash(&cookie[kPrefixBytes], input.data(), writer.size(), secret.data());
    return cookie;
}

// Seconds since the cookie was made; negative when that is still to come. RFC 1982 arithmetic, so
// that it works past 2106.
std::int32_t age_of(std::span<const std::uint8_t> cookie, Time now) noexcept {
    WireReader reader(cookie.subspan(4));
    return static_cast<std::int32_t>(now.seconds - reader.read_u32());
}

bool is_candidate(const Cookie& presented, Time now) noexcept {
    constexpr auto kPast = std::int32_t{kCookiePastSecondsMax};
    constexpr auto kFuture = std::int32_t{kCookieFutureSecondsMax};
    if (presented.server_size != kServerCookieBytes || presented.server[0] != 1) {
        return false;
    }
    const std::int32_t age = age_of(presented.server, now);
    return age <= kPast && age >= -kFuture;
}

bool is_signed_with(const CookieSecret& secret, const Cookie& presented,
                    const Address& client) noexcept {
    const auto prefix = std::span(presented.server).first<kPrefixBytes>();
    const ServerCookie expected = sign(secret, presented.client, prefix, client);
    return sodium_memcmp(expected.data(), presented.server.data(), expected.size()) == 0;
}

}  // namespace

CookieSigner::CookieSigner(std::span<const CookieSecret> secrets) noexcept
    : count_(secrets.size()) {
    FAIRLIST_CHECK(!secrets.empty());
    FAIRLIST_CHECK(secrets.size() <= kCookieSecretsMax);
    std::ranges::copy(secrets, secrets_.begin());
}

ServerCookie CookieSigner::make(std::span<const std::uint8_t, 8> client_cookie,
                                const Address& client, Time now) const noexcept {
    std::array<std::uint8_t, kPrefixBytes> prefix{};
    WireWriter writer(prefix);
    writer.write_u32(kVersionOne);
    writer.write_u32(now.seconds);
    return sign(secrets_[0], client_cookie, prefix, client);
}

std::optional<std::size_t> CookieSigner::signer_of(const Cookie& presented, const Address& client,
                                                   Time now) const noexcept {
    if (!is_candidate(presented, now)) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < count_; ++i) {
        if (is_signed_with(secrets_[i], presented, client)) {
            return i;
        }
    }
    return std::nullopt;
}

bool CookieSigner::check(const Cookie& presented, const Address& client, Time now) const noexcept {
    return signer_of(presented, client, now).has_value();
}

CookieReply CookieSigner::make_response_cookie(const Cookie& presented, const Address& client,
                                               Time now) const noexcept {
    CookieReply reply;
    const auto signer = signer_of(presented, client, now);
    reply.valid = signer.has_value();
    const bool young = age_of(presented.server, now) < std::int32_t{kCookieRenewalSeconds};
    if (signer == 0U && young) {
        std::ranges::copy(std::span(presented.server).first<kServerCookieBytes>(),
                          reply.cookie.begin());
    } else {
        reply.cookie = make(presented.client, client, now);
    }
    return reply;
}

}  // namespace fairlist::dns
