#include "server/dns/wire_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace fairlist::dns {
namespace {

TEST(WireWriter, WritesBigEndianFieldsInOrder) {
    std::array<std::uint8_t, 17> out{};
    WireWriter writer(out);
    writer.write_u8(0x01);
    writer.write_u16(0x0203);
    writer.write_u32(0x04050607);
    writer.write_u48(0x08090A0B0C0D);
    writer.write_bytes(std::array<std::uint8_t, 2>{0x0E, 0x0F});
    writer.write_text("ab");
    EXPECT_TRUE(writer.ok());
    EXPECT_EQ(writer.size(), out.size());
    EXPECT_THAT(out,
                testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 'a', 'b'));
}

TEST(WireWriter, WritesNothingOfAFieldThatDoesNotFit) {
    std::array<std::uint8_t, 4> out{};
    WireWriter writer({out.data(), 3});
    writer.write_u8(0xFF);
    writer.write_u32(0xEEEEEEEE);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.size(), 1U);
    EXPECT_THAT(out, testing::ElementsAre(0xFF, 0, 0, 0));
}

TEST(WireWriter, StaysOverflowedUntilRewound) {
    std::array<std::uint8_t, 4> out{};
    WireWriter writer(out);
    writer.write_u16(0x0102);
    writer.write_u32(0);
    writer.write_u8(0x03);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.size(), 2U);
    writer.rewind(1);
    writer.write_u8(0x04);
    EXPECT_TRUE(writer.ok());
    EXPECT_THAT(out, testing::ElementsAre(1, 4, 0, 0));
}

TEST(WireWriter, KeepsTheRoomBehindItsLimit) {
    std::array<std::uint8_t, 4> out{};
    WireWriter writer(out);
    writer.set_limit(2);
    writer.write_u32(0x01020304);
    EXPECT_FALSE(writer.ok());
    writer.rewind(0);
    writer.set_limit(100);
    writer.write_u32(0x01020304);
    EXPECT_TRUE(writer.ok());
    writer.write_u8(5);
    EXPECT_FALSE(writer.ok());
}

TEST(WireWriter, ALimitBelowItsSizeOverflows) {
    std::array<std::uint8_t, 4> out{};
    WireWriter writer(out);
    writer.write_u16(0x0102);
    writer.set_limit(1);
    writer.write_u8(3);
    EXPECT_FALSE(writer.ok());
    EXPECT_EQ(writer.size(), 2U);
}

}  // namespace
}  // namespace fairlist::dns
