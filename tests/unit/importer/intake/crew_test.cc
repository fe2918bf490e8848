#include "importer/intake/crew.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace fairlist::importer {
namespace {

TEST(Crew, DoesAPieceTogether) {
    constexpr std::size_t kHelpers = 3;
    Crew crew(kHelpers);
    for (int round = 0; round < 100; ++round) {
        // Passed only when all are at work at the same time.
        std::barrier meeting(kHelpers + 1);
        std::vector<std::atomic<int>> done(kHelpers + 1);
        crew.run(kHelpers, [&](std::size_t number) {
            meeting.arrive_and_wait();
            ++done[number];
        });
        EXPECT_TRUE(std::ranges::all_of(done, [](const auto& count) { return count == 1; }));
    }
}

TEST(Crew, AsksAsManyAsAreWanted) {
    Crew crew(4);
    for (std::size_t helpers = 0; helpers <= 4; ++helpers) {
        std::mutex mutex;
        std::set<std::size_t> numbers;
        crew.run(helpers, [&](std::size_t number) {
            const std::lock_guard lock(mutex);
            numbers.insert(number);
        });
        EXPECT_EQ(numbers.size(), helpers + 1);
        EXPECT_EQ(*numbers.rbegin(), helpers);
    }
}

TEST(Crew, KeepsItsThreads) {
    Crew crew(1);
    std::set<std::thread::id> seen;
    for (int round = 0; round < 50; ++round) {
        std::thread::id helper;
        crew.run(1, [&](std::size_t number) {
            if (number == 1) {
                helper = std::this_thread::get_id();
            }
        });
        seen.insert(helper);
    }
    EXPECT_EQ(seen.size(), 1U);
    EXPECT_FALSE(seen.contains(std::this_thread::get_id()));
}

TEST(Crew, WithoutHelpersWorksAlone) {
    Crew crew(0);
    std::vector<std::size_t> numbers;
    crew.run(0, [&](std::size_t number) { numbers.push_back(number); });
    EXPECT_THAT(numbers, testing::ElementsAre(0U));
}

}  // namespace
}  // namespace fairlist::importer
