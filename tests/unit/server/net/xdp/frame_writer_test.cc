#include "server/net/xdp/frame_writer.h"

#include "tests/unit/server/net/xdp/kernel_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace fairlist::net::xdp {
namespace {

using testing::ElementsAreArray;

constexpr std::uint16_t kIdentificationOfLinux = 0xEEDA;  // in answer_v4()

// `message` as an answer to `query`, in a frame whose headers were something else before.
Frame framed(const Frame& query, std::span<const std::uint8_t> message,
             std::uint16_t identification) {
    QueryFrame read;
    EXPECT_EQ(read_frame(query, read), FrameFault::None);
    Frame frame(header_bytes(read.is_v4), 0xA5);
    frame.insert(frame.end(), message.begin(), message.end());
    write_headers(read, identification, frame);
    return frame;
}

TEST(FrameWriter, SendsWhatLinuxSentOverIpv4) {
    const Frame answer = answer_v4();
    const auto message = std::span(answer).subspan(kMessageOffsetV4);
    EXPECT_THAT(framed(query_v4(), message, kIdentificationOfLinux), ElementsAreArray(answer));
}

TEST(FrameWriter, SendsWhatLinuxSentOverIpv6) {
    Frame answer = answer_v6();
    const auto message = std::span(answer).subspan(kMessageOffsetV6);
    const Frame frame = framed(query_v6(), message, 0);
    // Linux puts a flow label there, which nothing covers (RFC 6437 section 3 allows zero).
    std::fill_n(answer.begin() + kIpOffset + 1, 3, std::uint8_t{0});
    EXPECT_THAT(frame, ElementsAreArray(answer));
}

TEST(FrameWriter, ChecksumsHoldForEverySizeOfMessage) {
    for (const Frame& query : {query_v4(), query_v6()}) {
        for (std::size_t size = 0; size <= 1472; ++size) {
            Frame message(size);
            for (std::size_t at = 0; at < size; ++at) {
                message[at] = static_cast<std::uint8_t>(at * 31 + size);
            }
            const Frame frame = framed(query, message, static_cast<std::uint16_t>(size));
            Frame sealed = frame;
            seal_udp(sealed);
            if (query == query_v4()) {
                seal_ip(sealed);
            }
            ASSERT_EQ(frame, sealed) << size;
            QueryFrame back;
            ASSERT_EQ(read_frame(frame, back), FrameFault::None) << size;
            ASSERT_THAT(back.message, ElementsAreArray(message));
        }
    }
}

// RFC 768: a sum of zero is sent as all ones, because zero says that there is none.
TEST(FrameWriter, NeverSendsAUdpChecksumOfZero) {
    for (const Frame& query : {query_v4(), query_v6()}) {
        const std::size_t field = (query == query_v4() ? kUdpOffsetV4 : kUdpOffsetV6) + 6;
        const Frame probe = framed(query, Frame{0, 0}, 1);
        // Adding the checksum to the message brings the sum to all ones, its complement to zero.
        const Frame message = {probe[field], probe[field + 1]};
        const Frame frame = framed(query, message, 1);
        EXPECT_EQ(frame[field], 0xFF);
        EXPECT_EQ(frame[field + 1], 0xFF);
        EXPECT_TRUE(message != (Frame{0, 0}));
    }
}

TEST(FrameWriter, IdentificationIsTheOneGiven) {
    const Frame frame = framed(query_v4(), Frame(30, 1), 0xBEEF);
    EXPECT_EQ(frame[kIpOffset + 4], 0xBE);
    EXPECT_EQ(frame[kIpOffset + 5], 0xEF);
}

}  // namespace
}  // namespace fairlist::net::xdp
