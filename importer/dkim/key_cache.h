// KeyCache: answers of the DNS, kept as long as they say; what was asked longest ago goes first.
#pragma once

#include "listing/base/time.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fairlist::importer {

inline constexpr std::size_t kCachedNamesMax = 10'000;
inline constexpr std::size_t kCachedBytesMax = 4096;  // of one answer; longer ones are not kept
inline constexpr std::uint32_t kFoundSecondsMax = 3600;
inline constexpr std::uint32_t kMissingSecondsMax = 300;

class KeyCache {
  public:
    explicit KeyCache(std::size_t names_max = kCachedNamesMax) : names_max_(names_max) {}

    // Null: not known, or too old. Empty: there are none.
    [[nodiscard]] const std::vector<std::string>* find(std::string_view name, Time now);

    // `ttl` in seconds; it is cut to the limits above.
    void keep(std::string_view name, std::vector<std::string> records, std::uint32_t ttl, Time now);

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

  private:
    struct Entry {
        std::string name;
        std::vector<std::string> records;
        Time from;  // a clock that was set back makes no answer live longer
        std::uint32_t seconds = 0;
    };
    using Entries = std::list<Entry>;

    void drop(Entries::iterator entry);

    std::size_t names_max_;
    Entries entries_;  // the one asked last in front
    std::unordered_map<std::string_view, Entries::iterator> by_name_;  // views into entries_
};

}  // namespace fairlist::importer
