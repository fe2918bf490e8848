#include "tools/fairlist/progress_meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fairlist::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// A meter with a clock that the test turns.
struct Bench {
    explicit Bench(bool terminal)
        : meter(std::make_unique<ProgressMeter>(
              terminal, [this] { return now; }, [this](std::string_view text) { out += text; })) {}

    steady_clock::time_point now{};
    std::string out;
    std::unique_ptr<ProgressMeter> meter;
};

TEST(ProgressMeter, ALineEveryTenSecondsInAPipe) {
    Bench bench(false);
    bench.now += milliseconds(9999);
    bench.meter->update("drop", 1000, 4000);
    EXPECT_EQ(bench.out, "");
    bench.now += milliseconds(1);
    bench.meter->update("drop", 2000, 4000);
    bench.meter->update("drop", 2001, 4000);
    EXPECT_EQ(bench.out, "fairlist: drop: 2,000 of 4,000 (50 %)\n");
    bench.now += seconds(10);
    bench.meter->update("drop", 3000, 0);
    bench.meter.reset();
    EXPECT_EQ(bench.out,
              "fairlist: drop: 2,000 of 4,000 (50 %)\n"
              "fairlist: drop: 3,000\n");
}

TEST(ProgressMeter, ABarOnATerminalThatIsWipedAtTheEnd) {
    Bench bench(true);
    bench.now += milliseconds(100);
    bench.meter->update("drop", 1000, 4000);
    EXPECT_EQ(bench.out, "\rdrop [#######                       ]  25 % 1,000\x1b[K");
    bench.out.clear();
    bench.meter.reset();
    EXPECT_EQ(bench.out, "\r\x1b[K");
}

TEST(ProgressMeter, AShortRunPrintsNothing) {
    Bench bench(true);
    bench.meter->update("drop", 4000, 4000);
    bench.meter.reset();
    EXPECT_EQ(bench.out, "");
}

TEST(ProgressBar, FitsALineUpToABillion) {
    const std::string name(60, 'x');
    EXPECT_LE(progress_bar(name, 999'999'999, 1'000'000'000).size(), 79U);
    EXPECT_LE(progress_bar(name, 1'999'999'999, 1'000'000'000).size(), 79U);
    EXPECT_EQ(progress_bar("x", 5, 0), "x 5");
}

}  // namespace
}  // namespace fairlist::cli
