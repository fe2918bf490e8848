// RateLimiter: response-rate limiting by client network and class of answer.
#pragma once

#include "listing/model/address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fairlist::net {

// A good resolver asks a blocklist for thousands of different names a second and gets NXDOMAIN for
// most of them, so each class has a limit of its own.
enum class AnswerClass : std::uint8_t {
    Positive,  // with an answer section
    Negative,  // NXDOMAIN and NODATA
    Error,     // FORMERR, REFUSED and the like
};

// Responses a second to one client network; 0: no limit.
struct RateLimits {
    std::uint32_t positive = 0;
    std::uint32_t negative = 0;
    std::uint32_t error = 0;
    std::uint32_t slip = 2;  // every n-th response over the limit goes out; 0: none

    friend bool operator==(const RateLimits&, const RateLimits&) noexcept = default;
};

// What a worker may answer so that all `workers` together stay within `limits`. The kernel spreads
// a client's packets over the workers by source port, which resolvers choose at random.
[[nodiscard]] RateLimits share_of(const RateLimits& limits, unsigned workers) noexcept;

enum class RateVerdict : std::uint8_t {
    Send,
    Slip,  // over the limit, but not to be silent: TC, so that an honest client comes back by TCP
    Drop,
};

// Token buckets in a table of fixed size: a network may save up one second's worth. Where more
// networks ask than the table holds, the one that was quiet for longest is forgotten, and starts
// anew with a full bucket.
//
// Thread: one worker owns it. No lock, and no allocation after configure().
class RateLimiter {
  public:
    explicit RateLimiter(const RateLimits& limits);

    // Takes other limits; what clients have used up stays counted.
    void configure(const RateLimits& limits) noexcept { limits_ = limits; }

    [[nodiscard]] RateVerdict check(const Address& client, AnswerClass answer_class,
                                    std::uint64_t now_ms) noexcept;

    static constexpr std::size_t kRows = 8192;
    static constexpr std::size_t kSlotsPerRow = 4;  // one cache line

  private:
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t seen_ms = 0;  // low bits of the monotonic clock
        std::uint32_t credit = 0;   // thousandths of a response
        std::uint32_t limited = 0;  // 0: the slot is free; else one more than the responses limited
    };
    struct alignas(64) Row {
        std::array<Slot, kSlotsPerRow> slots;
    };

    [[nodiscard]] std::uint32_t limit(AnswerClass answer_class) const noexcept;
    [[nodiscard]] Slot& find(const Address& client, AnswerClass answer_class, std::uint32_t now_ms,
                             std::uint32_t full_credit) noexcept;

    RateLimits limits_;
    std::vector<Row> rows_;
    std::array<unsigned char, 16> key_{};  // so that nobody can choose whom to share a row with
};

}  // namespace fairlist::net
