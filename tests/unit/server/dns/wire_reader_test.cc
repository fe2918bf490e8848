#include "server/dns/wire_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace fairlist::dns {
namespace {

constexpr std::array<std::uint8_t, 15> kBytes = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                                 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F};

TEST(WireReader, ReadsBigEndianFieldsInOrder) {
    WireReader reader(kBytes);
    EXPECT_EQ(reader.read_u8(), 0x01);
    EXPECT_EQ(reader.read_u16(), 0x0203);
    EXPECT_EQ(reader.read_u32(), 0x04050607U);
    EXPECT_EQ(reader.read_u48(), 0x08090A0B0C0DU);
    EXPECT_THAT(reader.read_bytes(2), testing::ElementsAre(0x0E, 0x0F));
    EXPECT_TRUE(reader.at_end());
}

TEST(WireReader, GivesTheBytesSinceAnOffset) {
    WireReader reader(kBytes);
    static_cast<void>(reader.read_u32());
    const std::size_t start = reader.offset();
    static_cast<void>(reader.read_u16());
    EXPECT_THAT(reader.bytes_since(start), testing::ElementsAre(0x05, 0x06));
}

TEST(WireReader, AFieldCutShortMovesNothing) {
    WireReader reader({kBytes.data(), 3});
    EXPECT_EQ(reader.read_u32(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.offset(), 0U);
}

TEST(WireReader, AFailureStays) {
    WireReader reader({kBytes.data(), 3});
    EXPECT_TRUE(reader.read_bytes(4).empty());
    EXPECT_EQ(reader.read_u8(), 0);
    EXPECT_TRUE(reader.read_bytes(0).empty());
    EXPECT_FALSE(reader.ok());
    EXPECT_FALSE(reader.at_end());
}

TEST(WireReader, ACountThatWouldWrapFails) {
    WireReader reader(kBytes);
    static_cast<void>(reader.read_u16());
    EXPECT_TRUE(reader.read_bytes(SIZE_MAX).empty());
    EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace fairlist::dns
