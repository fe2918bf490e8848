// LatencyHistogram: how long answers took, to about 3 percent.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace fairlist::bench {

// 32 steps for each power of two of nanoseconds.
class LatencyHistogram {
  public:
    void add(std::uint64_t nanoseconds) noexcept {
        ++counts_[bucket(nanoseconds)];
        ++total_;
    }
    // In microseconds, of a share between 0 and 1; 0 when nothing was added.
    [[nodiscard]] double quantile(double share) const noexcept {
        const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_));
        std::uint64_t seen = 0;
        for (std::size_t index = 0; index < counts_.size(); ++index) {
            seen += counts_[index];
            if (seen > wanted) {
                return static_cast<double>(lower_bound(index)) / 1000;
            }
        }
        return 0;
    }

  private:
    static constexpr unsigned kStepBits = 5;
    static constexpr std::uint64_t kSteps = 1U << kStepBits;

    static std::size_t bucket(std::uint64_t value) noexcept {
        if (value < kSteps) {
            return value;
        }
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kStepBits;
        return (shift << kStepBits) + (value >> shift);
    }
    static std::uint64_t lower_bound(std::size_t bucket) noexcept {
        if (bucket < 2 * kSteps) {
            return bucket;
        }
        const std::uint64_t shift = (bucket >> kStepBits) - 1;
        return (bucket - (shift << kStepBits)) << shift;
    }

    std::array<std::uint64_t, (65 - kStepBits) << kStepBits> counts_{};
    std::uint64_t total_ = 0;
};

}  // namespace fairlist::bench
