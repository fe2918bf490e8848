#include "server/net/counters.h"

#include <gtest/gtest.h>

namespace fairlist::net {
namespace {

TEST(Counters, TotalsAreSums) {
    Counters first;
    Counters second;
    first.queries.add(3);
    second.queries.add();
    first.rcodes[3].add(2);
    second.rcodes[3].add(5);
    second.tcp_open.set(7);
    second.xdp_frames.add(6);
    CounterTotals totals;
    totals.add(first);
    totals.add(second);
    EXPECT_EQ(totals.queries, 4U);
    EXPECT_EQ(totals.rcodes[3], 7U);
    EXPECT_EQ(totals.tcp_open, 7U);
    EXPECT_EQ(totals.xdp_frames, 6U);
    EXPECT_EQ(totals.dropped, 0U);
}

TEST(Counters, TextLeavesZeroOut) {
    CounterTotals totals;
    EXPECT_EQ(to_string(totals), "queries=0");
    totals.queries = 12;
    totals.rcodes[0] = 2;
    totals.rcodes[3] = 9;
    totals.rcodes[11] = 1;
    totals.rcodes[23] = 4;
    totals.rate_slipped = 5;
    EXPECT_EQ(to_string(totals),
              "queries=12 noerror=2 nxdomain=9 rcode11=1 badcookie=4 rate_slipped=5");
    totals.xdp_frames = 8;
    totals.xdp_lost = 1;
    EXPECT_TRUE(to_string(totals).ends_with(" rate_slipped=5 xdp_frames=8 xdp_lost=1"));
}

TEST(Counters, WorkersDoNotShareCacheLines) {
    EXPECT_EQ(alignof(Counters) % 64, 0U);
}

}  // namespace
}  // namespace fairlist::net
