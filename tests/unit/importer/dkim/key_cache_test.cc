#include "importer/dkim/key_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace fairlist::importer {
namespace {

using Records = std::vector<std::string>;

TEST(DkimKeyCache, KeepsAsLongAsTheTtlSays) {
    KeyCache cache;
    cache.keep("a", {"x"}, 60, Time{1000});
    ASSERT_NE(cache.find("a", Time{1059}), nullptr);
    EXPECT_EQ(*cache.find("a", Time{1059}), Records{"x"});
    EXPECT_EQ(cache.find("b", Time{1000}), nullptr);
    EXPECT_EQ(cache.find("a", Time{1060}), nullptr);
    EXPECT_EQ(cache.size(), 0U);
}

TEST(DkimKeyCache, HasLimitsOfItsOwn) {
    KeyCache cache;
    cache.keep("found", {"x"}, UINT32_MAX, Time{1000});
    cache.keep("missing", {}, UINT32_MAX, Time{1000});
    EXPECT_NE(cache.find("missing", Time{1000 + kMissingSecondsMax - 1}), nullptr);
    EXPECT_EQ(cache.find("missing", Time{1000 + kMissingSecondsMax}), nullptr);
    EXPECT_NE(cache.find("found", Time{1000 + kFoundSecondsMax - 1}), nullptr);
    EXPECT_EQ(cache.find("found", Time{1000 + kFoundSecondsMax}), nullptr);
    cache.keep("none", {"x"}, 0, Time{1000});
    cache.keep("long", {std::string(kCachedBytesMax, 'x')}, 60, Time{1000});
    EXPECT_EQ(cache.size(), 0U);
}

TEST(DkimKeyCache, ForgetsWhenTheClockIsSetBack) {
    KeyCache cache;
    cache.keep("a", {"x"}, 60, Time{1000});
    EXPECT_EQ(cache.find("a", Time{999}), nullptr);
}

// A list that is searched from end to end.
class SlowCache {
  public:
    explicit SlowCache(std::size_t names_max) : names_max_(names_max) {}

    std::optional<Records> find(const std::string& name, Time now) {
        const auto at = std::ranges::find(entries_, name, &Entry::name);
        if (at == entries_.end()) {
            return {};
        }
        const Entry entry = *at;
        entries_.erase(at);
        if (now >= entry.until) {
            return {};
        }
        entries_.push_back(entry);
        return entry.records;
    }
    void keep(const std::string& name, const Records& records, std::uint32_t ttl, Time now) {
        std::erase_if(entries_, [&](const Entry& entry) { return entry.name == name; });
        if (ttl == 0) {
            return;
        }
        if (entries_.size() == names_max_) {
            entries_.erase(entries_.begin());
        }
        const std::uint32_t limit = records.empty() ? kMissingSecondsMax : kFoundSecondsMax;
        entries_.push_back({name, records, Time{now.seconds + std::min(ttl, limit)}});
    }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

  private:
    struct Entry {
        std::string name;
        Records records;
        Time until;
    };
    std::size_t names_max_;
    std::vector<Entry> entries_;
};

TEST(DkimKeyCacheTwin, AnswersAsTheSlowOne) {
    constexpr std::size_t kNames = 8;
    std::mt19937 random(20260103);
    KeyCache cache(kNames);
    SlowCache slow(kNames);
    Time time{1'000'000};
    std::size_t found = 0;
    for (int i = 0; i < 20'000; ++i) {
        time.seconds += static_cast<std::uint32_t>(random() % 60);
        const std::string name = std::to_string(random() % 16);
        if (random() % 3 == 0) {
            const Records records = random() % 3 == 0 ? Records{} : Records{std::to_string(i)};
            const auto ttl = static_cast<std::uint32_t>(random() % 1000);
            cache.keep(name, records, ttl, time);
            slow.keep(name, records, ttl, time);
        }
        const std::string asked = std::to_string(random() % 16);
        const auto* seen = cache.find(asked, time);
        const auto expected = slow.find(asked, time);
        ASSERT_EQ(seen != nullptr, expected.has_value());
        if (expected) {
            ASSERT_EQ(*seen, *expected);
            ++found;
        }
        ASSERT_EQ(cache.size(), slow.size());
    }
    EXPECT_GT(found, 1000U);
}

}  // namespace
}  // namespace fairlist::importer
