#include "server/net/rate_limit.h"

#include "server/net/client_network.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace fairlist::net {

namespace {

constexpr std::uint32_t kCreditOfOne = 1000;
// A bucket must fit its 32 bits; who allows more a second does not mean to limit.
constexpr std::uint32_t kRateMax = std::numeric_limits<std::uint32_t>::max() / kCreditOfOne;

std::uint32_t divide_up(std::uint32_t rate, unsigned workers) noexcept {
    return rate / workers + (rate % workers == 0 ? 0U : 1U);
}

}  // namespace

RateLimits share_of(const RateLimits& limits, unsigned workers) noexcept {
    const unsigned parts = std::max(workers, 1U);
    return {.positive = divide_up(limits.positive, parts),
            .negative = divide_up(limits.negative, parts),
            .error = divide_up(limits.error, parts),
            .slip = limits.slip};
}

RateLimiter::RateLimiter(const RateLimits& limits) : limits_(limits), rows_(kRows) {
    static_assert(sizeof(key_) == crypto_shorthash_KEYBYTES);
    randombytes_buf(key_.data(), key_.size());
}

std::uint32_t RateLimiter::limit(AnswerClass answer_class) const noexcept {
    switch (answer_class) {
        case AnswerClass::Positive:
            return limits_.positive;
        case AnswerClass::Negative:
            return limits_.negative;
        case AnswerClass::Error:
            return limits_.error;
    }
    return 0;
}

RateLimiter::Slot& RateLimiter::find(const Address& client, AnswerClass answer_class,
                                     std::uint32_t now_ms, std::uint32_t full_credit) noexcept {
    std::array<std::uint8_t, 17> subject{};
    std::ranges::copy(client_network(client).base.to_bytes(), subject.begin());
    subject.back() = static_cast<std::uint8_t>(answer_class);
    std::array<unsigned char, crypto_shorthash_BYTES> digest{};
    crypto_shorthash(digest.data(), subject.data(), subject.size(), key_.data());
    const auto hash = std::bit_cast<std::uint64_t>(digest);
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);

    Row& row = rows_[hash % kRows];
    Slot* oldest = row.slots.data();
    std::uint32_t oldest_age = 0;
    for (Slot& slot : row.slots) {
        if (slot.limited != 0 && slot.tag == tag) {
            return slot;
        }
        const std::uint32_t age = slot.limited == 0 ? UINT32_MAX : now_ms - slot.seen_ms;
        // Thousands can ask in one millisecond: of those the one that was limited least goes.
        if (age > oldest_age || (age == oldest_age && slot.limited <= oldest->limited)) {
            oldest = &slot;
            oldest_age = age;
        }
    }
    *oldest = {.tag = tag, .seen_ms = now_ms, .credit = full_credit, .limited = 1};
    return *oldest;
}

RateVerdict RateLimiter::check(const Address& client, AnswerClass answer_class,
                               std::uint64_t now_ms) noexcept {
    const std::uint32_t rate = limit(answer_class);
    if (rate == 0 || rate > kRateMax) {
        return RateVerdict::Send;
    }
    const std::uint32_t full_credit = rate * kCreditOfOne;
    const auto now = static_cast<std::uint32_t>(now_ms);
    Slot& slot = find(client, answer_class, now, full_credit);
    const std::uint64_t earned = std::uint64_t{now - slot.seen_ms} * rate;
    const std::uint64_t credit = std::min<std::uint64_t>(slot.credit + earned, full_credit);
    slot.credit = static_cast<std::uint32_t>(credit);
    slot.seen_ms = now;
    if (slot.credit >= kCreditOfOne) {
        slot.credit -= kCreditOfOne;
        return RateVerdict::Send;
    }
    slot.limited = slot.limited == UINT32_MAX ? 1 : slot.limited + 1;
    const bool slips = limits_.slip != 0 && (slot.limited - 1) % limits_.slip == 0;
    return slips ? RateVerdict::Slip : RateVerdict::Drop;
}

}  // namespace fairlist::net
