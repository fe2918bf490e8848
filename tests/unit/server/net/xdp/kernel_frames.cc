#include "tests/unit/server/net/xdp/kernel_frames.h"

#include <string>

namespace fairlist::net::xdp {

namespace {

Frame from_hex(std::string_view text) {
    Frame bytes;
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string(text.substr(at, 2)), nullptr, 16)));
    }
    return bytes;
}

bool is_v4(const Frame& frame) {
    return frame[12] == 0x08;
}

void put_u16(Frame& frame, std::size_t at, std::uint16_t value) {
    frame[at] = static_cast<std::uint8_t>(value >> 8U);
    frame[at + 1] = static_cast<std::uint8_t>(value & 0xFFU);
}

}  // namespace

Frame query_v4() {
    return from_hex(
        "5eea2333ecaa1654e85ff3040800"
        "450000461a5e00004011d421c6120002c6120001"
        "967c00350032057c"
        "2a730020000100000000000001320130013003313237037a656e02626c076578616d706c650000010001");
}

Frame answer_v4() {
    return from_hex(
        "1654e85ff3045eea2333ecaa0800"
        "45000056eeda00004011ff94c6120001c6120002"
        "0035967c00424139"
        "2a738400000100010000000001320130013003313237037a656e02626c076578616d706c650000010001"
        "c00c000100010000012c00047f000002");
}

Frame query_v6() {
    return from_hex(
        "5eea2333ecaa1654e85ff30486dd"
        "6001d88100491140fd000018000000000000000000000002fd000018000000000000000000000001"
        "c24200350049b452"
        "4f7f0120000100000000000101320130013003313237037a656e02626c076578616d706c650000100001"
        "00002904d000000000000c000a0008f1e0cb048586c50d");
}

Frame answer_v6() {
    return from_hex(
        "1654e85ff3045eea2333ecaa86dd"
        "600abd4300941140fd000018000000000000000000000001fd000018000000000000000000000002"
        "0035c24200947e72"
        "4f7f8500000100010000000101320130013003313237037a656e02626c076578616d706c650000100001"
        "c00c001000010000012c002f2e7465737420656e7472792c206c697374656420666f722052464320353738"
        "322073656374696f6e2035206f6e6c7900002904d000000000001c000a0018f1e0cb048586c50d01000000"
        "6b0230ae4fde84b6317ea6ed");
}

std::uint16_t slow_checksum(const Frame& bytes) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        const std::uint32_t low = at + 1 < bytes.size() ? bytes[at + 1] : 0U;
        sum += static_cast<std::uint32_t>(bytes[at]) << 8U | low;
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>(~sum & 0xFFFFU);
}

void seal_ip(Frame& frame) {
    put_u16(frame, kIpOffset + 10, 0);
    const auto begin = frame.begin() + kIpOffset;
    put_u16(frame, kIpOffset + 10, slow_checksum(Frame(begin, begin + 20)));
}

void seal_udp(Frame& frame) {
    const std::size_t udp = is_v4(frame) ? kUdpOffsetV4 : kUdpOffsetV6;
    const std::size_t addresses = is_v4(frame) ? 8 : 32;
    const std::size_t length = static_cast<std::size_t>(frame[udp + 4]) << 8U | frame[udp + 5];
    if (udp + length > frame.size()) {
        return;
    }
    put_u16(frame, udp + 6, 0);
    const auto at = [&](std::size_t offset) {
        return frame.begin() + static_cast<std::ptrdiff_t>(offset);
    };
    Frame covered(at(udp - addresses), at(udp));
    covered.insert(covered.end(), {0, 17, frame[udp + 4], frame[udp + 5]});
    covered.insert(covered.end(), at(udp), at(udp + length));
    const std::uint16_t sum = slow_checksum(covered);
    put_u16(frame, udp + 6, sum == 0 ? 0xFFFF : sum);
}

}  // namespace fairlist::net::xdp
