// Random: the seeded draws that all data of the benchmarks comes from.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace fairlist::bench {

// Equal seeds draw equal numbers on every machine: the distributions of the standard library leave
// that open, so they are not used.
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    [[nodiscard]] std::uint64_t bits(unsigned count) { return engine_() >> (64 - count); }
    [[nodiscard]] std::uint32_t bits32(unsigned count) {
        return static_cast<std::uint32_t>(bits(count));
    }
    [[nodiscard]] double unit() { return static_cast<double>(bits(53)) * 0x1p-53; }
    [[nodiscard]] bool chance(double probability) { return unit() < probability; }
    // Requires: limit above 0.
    [[nodiscard]] std::size_t below(std::size_t limit) {
        return static_cast<std::size_t>(unit() * static_cast<double>(limit));
    }
    [[nodiscard]] double pareto(double shape) { return std::pow(1 - unit(), -1 / shape); }
    template <typename T>
    [[nodiscard]] const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

  private:
    std::mt19937_64 engine_;
};

// Indexes drawn by weight.
class WeightedDraw {
  public:
    void add(double weight) { sums_.push_back((sums_.empty() ? 0 : sums_.back()) + weight); }
    [[nodiscard]] std::size_t draw(Random& random) const;

  private:
    std::vector<double> sums_;
};

}  // namespace fairlist::bench
