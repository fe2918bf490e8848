#include "server/net/xdp/checksum.h"

#include "tests/unit/server/net/xdp/kernel_frames.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace fairlist::net::xdp {
namespace {

std::uint16_t fast_checksum(const Frame& bytes) {
    Checksum sum;
    sum.add(bytes);
    const std::array<std::uint8_t, 2> field = sum.result();
    return static_cast<std::uint16_t>(field[0] << 8U | field[1]);
}

// RFC 1071 section 3 adds these eight bytes up to ddf2.
TEST(Checksum, OfTheExampleInRfc1071) {
    const Frame bytes = {0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7};
    EXPECT_EQ(fast_checksum(bytes), 0xFFFF - 0xDDF2);
}

TEST(Checksum, OfNothingAndOfAllOnes) {
    EXPECT_EQ(fast_checksum({}), 0xFFFF);
    EXPECT_EQ(fast_checksum(Frame(64, 0xFF)), 0);
    EXPECT_EQ(fast_checksum(Frame(65535, 0xFF)), slow_checksum(Frame(65535, 0xFF)));
}

TEST(Checksum, OfEverySizeIsThatOfTheSlowTwin) {
    std::mt19937 random(1071);
    for (std::size_t size = 0; size <= 300; ++size) {
        Frame bytes(size);
        for (std::uint8_t& byte : bytes) {
            // Many ones, so that carries happen.
            byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() & 0xFFU : 0xFFU);
        }
        ASSERT_EQ(fast_checksum(bytes), slow_checksum(bytes)) << size;
    }
}

TEST(Checksum, OfPartsIsThatOfTheWhole) {
    const Frame bytes = {0xFF, 0xFE, 0x80, 0x00, 0x12, 0x34, 0x00, 0x11, 0xAB};
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 2) {
        Checksum sum;
        sum.add(std::span(bytes).first(cut));
        sum.add(std::span(bytes).subspan(cut));
        const std::array<std::uint8_t, 2> field = sum.result();
        EXPECT_EQ(field[0] << 8U | field[1], slow_checksum(bytes)) << cut;
    }
    Checksum sum;
    sum.add(std::span(bytes).first(4));
    sum.add_u16(0x1234);
    sum.add(std::span(bytes).subspan(6));
    const std::array<std::uint8_t, 2> field = sum.result();
    EXPECT_EQ(field[0] << 8U | field[1], slow_checksum(bytes));
}

}  // namespace
}  // namespace fairlist::net::xdp
