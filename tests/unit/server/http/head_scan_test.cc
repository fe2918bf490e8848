#include "server/http/head_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace fairlist::http {
namespace {

constexpr HeadLimits kSmall{.head_bytes = 120, .fields = 3, .target_bytes = 20};

// What the answer is once `bytes` have come one after the other: the first that is not "wait".
HeadScan bytewise(const std::string& bytes) {
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        HeadScan scan = scan_head(std::string_view(bytes).substr(0, size), kSmall);
        if (scan.bytes != 0 || !scan.refusal.why.empty()) {
            return scan;
        }
    }
    return scan_head(bytes, kSmall);
}

// The bytes of one packet or of many, just below, at and above every limit.
TEST(HeadScan, HowTheBytesWereCutDecidesNothing) {
    static constexpr std::string_view kPieces[] = {
        "a: b\r\n", "\r\n", "\r", "\n", " ", "\t", "x", ":", "\x01", "G", "\xC3", "c: d\r\n"};
    unsigned whole = 0;
    unsigned refused = 0;
    for (std::uint32_t seed = 1; seed <= 20'000; ++seed) {
        std::mt19937 random(seed);
        std::string bytes = "G " + std::string(random() % 60, '/') + " HTTP/1.1\r\n";
        const std::size_t pieces = random() % 12;
        for (std::size_t i = 0; i < pieces; ++i) {
            const std::string_view piece = kPieces[random() % std::size(kPieces)];
            bytes += random() % 8 == 0 ? std::string(random() % 90, 'y') : std::string(piece);
        }
        bytes += random() % 2 == 0 ? "\r\n\r\n" : "";
        const HeadScan expected = scan_head(bytes, kSmall);
        const HeadScan scan = bytewise(bytes);
        ASSERT_EQ(scan.bytes, expected.bytes) << "seed " << seed;
        ASSERT_EQ(scan.refusal.why, expected.refusal.why) << "seed " << seed;
        ASSERT_LE(scan.bytes, kSmall.head_bytes);
        whole += scan.bytes != 0 ? 1U : 0U;
        refused += scan.refusal.why.empty() ? 0U : 1U;
    }
    EXPECT_GT(whole, 1000U);
    EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace fairlist::http
