#include "server/net/xdp/frame_reader.h"

#include "tests/unit/server/net/xdp/kernel_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::net::xdp {
namespace {

using testing::ElementsAreArray;

// A copy of exactly this size on the heap, so that a sanitizer sees a read of one byte more.
FrameFault fault_of(const Frame& frame) {
    QueryFrame query;
    return read_frame(Frame(frame), query);
}

Frame part(const Frame& frame, std::size_t from, std::size_t size) {
    const auto begin = frame.begin() + static_cast<std::ptrdiff_t>(from);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

TEST(FrameReader, ReadsAQueryThatLinuxSentOverIpv4) {
    const Frame frame = query_v4();
    QueryFrame query;
    ASSERT_EQ(read_frame(frame, query), FrameFault::None);
    EXPECT_TRUE(query.is_v4);
    EXPECT_EQ(query.client, *parse_address("198.18.0.2"));
    EXPECT_THAT(query.headers, ElementsAreArray(part(frame, 0, kMessageOffsetV4)));
    EXPECT_THAT(query.message, ElementsAreArray(part(frame, kMessageOffsetV4, 42)));
    EXPECT_EQ(header_bytes(true), kMessageOffsetV4);
}

TEST(FrameReader, ReadsAQueryThatLinuxSentOverIpv6) {
    const Frame frame = query_v6();
    QueryFrame query;
    ASSERT_EQ(read_frame(frame, query), FrameFault::None);
    EXPECT_FALSE(query.is_v4);
    EXPECT_EQ(query.client, *parse_address("fd00:18::2"));
    EXPECT_THAT(query.headers, ElementsAreArray(part(frame, 0, kMessageOffsetV6)));
    EXPECT_THAT(query.message, ElementsAreArray(part(frame, kMessageOffsetV6, 65)));
    EXPECT_EQ(header_bytes(false), kMessageOffsetV6);
}

TEST(FrameReader, TakesPaddingBehindThePacket) {
    for (Frame frame : {query_v4(), query_v6()}) {
        QueryFrame query;
        ASSERT_EQ(read_frame(frame, query), FrameFault::None);
        const std::size_t size = query.message.size();
        frame.insert(frame.end(), 7, 0xEE);
        ASSERT_EQ(read_frame(frame, query), FrameFault::None);
        EXPECT_EQ(query.message.size(), size);
    }
}

TEST(FrameReader, EveryCutIsTruncated) {
    for (const Frame& frame : {query_v4(), query_v6(), answer_v4(), answer_v6()}) {
        for (std::size_t size = 0; size < frame.size(); ++size) {
            EXPECT_EQ(fault_of(part(frame, 0, size)), FrameFault::Truncated) << size;
        }
        EXPECT_EQ(fault_of(frame), FrameFault::None);
    }
}

// The checksum of IPv4 covers its header, that of UDP the addresses and the datagram; what neither
// covers are the MAC addresses, the version and flow of IPv6 and the hop counts.
TEST(FrameReader, EveryFlippedBitThatAChecksumCoversIsSeen) {
    for (const Frame& good : {query_v4(), query_v6()}) {
        const bool is_v4 = good[12] == 8;
        const std::size_t covered = is_v4 ? kIpOffset : kIpOffset + 8;
        for (std::size_t bit = covered * 8; bit < good.size() * 8; ++bit) {
            Frame frame = good;
            frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1U << bit % 8));
            EXPECT_NE(fault_of(frame), FrameFault::None) << "bit " << bit;
        }
    }
}

struct FaultRow {
    std::string name;
    Frame (*base)();
    std::vector<std::pair<std::size_t, Frame>> changes;  // offset, bytes
    FrameFault wanted;
    bool sealed = true;  // checksums made right after the changes
};

void PrintTo(const FaultRow& row, std::ostream* out) {
    *out << row.name;
}

const std::vector<FaultRow> kFaultRows = {
    {"unchanged_v4", query_v4, {}, FrameFault::None},
    {"unchanged_v6", query_v6, {}, FrameFault::None},
    // Ethernet: RFC 894, RFC 2464, IEEE 802.1Q.
    {"arp", query_v4, {{12, {0x08, 0x06}}}, FrameFault::NotIp, false},
    {"vlan", query_v4, {{12, {0x81, 0x00}}}, FrameFault::NotIp, false},
    {"vlan_of_providers", query_v4, {{12, {0x88, 0xA8}}}, FrameFault::NotIp, false},
    {"length_in_place_of_a_type", query_v4, {{12, {0x00, 0x46}}}, FrameFault::NotIp, false},
    {"from_a_group_mac", query_v4, {{6, {0x01}}}, FrameFault::BadSource},
    // IPv4: RFC 791.
    {"version_0", query_v4, {{14, {0x05}}}, FrameFault::BadVersion},
    {"version_5", query_v4, {{14, {0x55}}}, FrameFault::BadVersion},
    {"version_6_in_ipv4", query_v4, {{14, {0x65}}}, FrameFault::BadVersion},
    {"header_of_0_words", query_v4, {{14, {0x40}}}, FrameFault::Options},
    {"header_of_4_words", query_v4, {{14, {0x44}}}, FrameFault::Options},
    {"one_word_of_options", query_v4, {{14, {0x46}}}, FrameFault::Options},
    {"ten_words_of_options", query_v4, {{14, {0x4F}}}, FrameFault::Options},
    {"service_type_is_of_no_matter", query_v4, {{15, {0xB8}}}, FrameFault::None},
    {"total_0", query_v4, {{16, {0, 0}}}, FrameFault::BadLength},
    {"total_19", query_v4, {{16, {0, 19}}}, FrameFault::BadLength},
    {"total_ends_in_the_udp_header", query_v4, {{16, {0, 27}}}, FrameFault::BadLength},
    {"total_one_short_of_udp", query_v4, {{16, {0, 0x45}}}, FrameFault::BadLength},
    {"total_one_more_than_there_is", query_v4, {{16, {0, 0x47}}}, FrameFault::Truncated},
    {"total_65535", query_v4, {{16, {0xFF, 0xFF}}}, FrameFault::Truncated},
    {"do_not_fragment", query_v4, {{20, {0x40, 0}}}, FrameFault::None},
    {"the_evil_bit", query_v4, {{20, {0x80, 0}}}, FrameFault::None},
    {"more_fragments", query_v4, {{20, {0x20, 0}}}, FrameFault::Fragment},
    {"last_fragment", query_v4, {{20, {0x00, 0x01}}}, FrameFault::Fragment},
    {"fragment_far_behind", query_v4, {{20, {0x1F, 0xFF}}}, FrameFault::Fragment},
    {"one_hop_left", query_v4, {{22, {1}}}, FrameFault::None},
    {"tcp", query_v4, {{23, {6}}}, FrameFault::NotUdp},
    {"icmp", query_v4, {{23, {1}}}, FrameFault::NotUdp},
    {"udp_lite", query_v4, {{23, {136}}}, FrameFault::NotUdp},
    {"ip_checksum_wrong", query_v4, {{24, {0xD4, 0x22}}}, FrameFault::BadIpChecksum, false},
    {"ip_checksum_zero", query_v4, {{24, {0, 0}}}, FrameFault::BadIpChecksum, false},
    {"from_0.0.0.0", query_v4, {{26, {0, 0, 0, 0}}}, FrameFault::BadSource},
    {"from_0.0.0.1", query_v4, {{26, {0, 0, 0, 1}}}, FrameFault::BadSource},
    {"from_loopback", query_v4, {{26, {127, 0, 0, 1}}}, FrameFault::BadSource},
    {"from_multicast", query_v4, {{26, {224, 0, 0, 1}}}, FrameFault::BadSource},
    {"from_class_e", query_v4, {{26, {240, 0, 0, 1}}}, FrameFault::BadSource},
    {"from_broadcast", query_v4, {{26, {255, 255, 255, 255}}}, FrameFault::BadSource},
    {"from_223.255.255.255", query_v4, {{26, {223, 255, 255, 255}}}, FrameFault::None},
    {"from_126.0.0.1", query_v4, {{26, {126, 0, 0, 1}}}, FrameFault::None},
    {"from_128.0.0.1", query_v4, {{26, {128, 0, 0, 1}}}, FrameFault::None},
    // UDP: RFC 768.
    {"from_port_0", query_v4, {{34, {0, 0}}}, FrameFault::BadSource},
    {"from_port_1", query_v4, {{34, {0, 1}}}, FrameFault::None},
    {"udp_length_0", query_v4, {{38, {0, 0}}}, FrameFault::BadLength, false},
    {"udp_length_7", query_v4, {{38, {0, 7}}}, FrameFault::BadLength, false},
    {"udp_length_8", query_v4, {{38, {0, 8}}}, FrameFault::None},
    {"udp_shorter_than_the_packet", query_v4, {{38, {0, 0x31}}}, FrameFault::None},
    {"udp_longer_than_the_packet", query_v4, {{38, {0, 0x33}}}, FrameFault::BadLength, false},
    {"udp_length_65535", query_v4, {{38, {0xFF, 0xFF}}}, FrameFault::BadLength, false},
    {"udp_checksum_wrong", query_v4, {{40, {0x05, 0x7D}}}, FrameFault::BadChecksum, false},
    {"udp_checksum_not_computed", query_v4, {{40, {0, 0}}}, FrameFault::None, false},
    // What a sender leaves when its device would finish the sum: that of the addresses and length.
    {"udp_checksum_left_to_the_device",
     query_v4,
     {{40, {0x8C, 0x6B}}},
     FrameFault::BadChecksum,
     false},
    // IPv6: RFC 8200.
    {"version_4_in_ipv6", query_v6, {{14, {0x40}}}, FrameFault::BadVersion},
    {"version_7", query_v6, {{14, {0x70}}}, FrameFault::BadVersion},
    {"class_and_flow_are_of_no_matter",
     query_v6,
     {{14, {0x6F, 0xFF, 0xFF, 0xFF}}},
     FrameFault::None},
    {"payload_0", query_v6, {{18, {0, 0}}}, FrameFault::BadLength},
    {"payload_7", query_v6, {{18, {0, 7}}}, FrameFault::BadLength},
    {"payload_one_short_of_udp", query_v6, {{18, {0, 0x48}}}, FrameFault::BadLength},
    {"payload_one_more_than_there_is", query_v6, {{18, {0, 0x4A}}}, FrameFault::Truncated},
    {"payload_65535", query_v6, {{18, {0xFF, 0xFF}}}, FrameFault::Truncated},
    {"hop_by_hop_options", query_v6, {{20, {0}}}, FrameFault::NotUdp},
    {"tcp_v6", query_v6, {{20, {6}}}, FrameFault::NotUdp},
    {"routing_header", query_v6, {{20, {43}}}, FrameFault::NotUdp},
    {"fragment_header", query_v6, {{20, {44}}}, FrameFault::NotUdp},
    {"destination_options", query_v6, {{20, {60}}}, FrameFault::NotUdp},
    {"no_next_header", query_v6, {{20, {59}}}, FrameFault::NotUdp},
    {"from_unspecified", query_v6, {{22, Frame(16, 0)}}, FrameFault::BadSource},
    {"from_loopback_v6", query_v6, {{22, Frame(15, 0)}, {37, {1}}}, FrameFault::BadSource},
    {"from_multicast_v6", query_v6, {{22, {0xFF, 0x02}}}, FrameFault::BadSource},
    {"from_ipv4_in_disguise",
     query_v6,
     {{22, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 198, 18, 0, 2}}},
     FrameFault::BadSource},
    {"from_link_local", query_v6, {{22, {0xFE, 0x80}}}, FrameFault::None},
    {"from_port_0_v6", query_v6, {{54, {0, 0}}}, FrameFault::BadSource},
    {"udp_length_7_v6", query_v6, {{58, {0, 7}}}, FrameFault::BadLength, false},
    {"udp_longer_than_the_packet_v6", query_v6, {{58, {0, 0x4A}}}, FrameFault::BadLength, false},
    {"udp_checksum_wrong_v6", query_v6, {{60, {0xB4, 0x53}}}, FrameFault::BadChecksum, false},
    {"udp_checksum_not_computed_v6", query_v6, {{60, {0, 0}}}, FrameFault::NoChecksum, false},
};

class FrameReaderOn : public testing::TestWithParam<FaultRow> {};

TEST_P(FrameReaderOn, TellsTheFault) {
    const FaultRow& row = GetParam();
    Frame frame = row.base();
    for (const auto& [offset, bytes] : row.changes) {
        std::ranges::copy(bytes, frame.begin() + static_cast<std::ptrdiff_t>(offset));
    }
    if (row.sealed) {
        seal_udp(frame);
        if (row.base == query_v4) {
            seal_ip(frame);
        }
    } else if (row.base == query_v4 && !row.name.starts_with("ip_checksum")) {
        seal_ip(frame);
    }
    EXPECT_EQ(fault_of(frame), row.wanted);
}

INSTANTIATE_TEST_SUITE_P(All, FrameReaderOn, testing::ValuesIn(kFaultRows), [](const auto& param) {
    std::string name = param.param.name;
    std::ranges::replace(name, '.', '_');
    return name;
});

}  // namespace
}  // namespace fairlist::net::xdp
