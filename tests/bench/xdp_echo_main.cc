// bench_xdp_echo: sends every query frame back as its own answer, with AF_XDP: what the frames
// alone cost. Over the same packet socket as fairlistd's; checks nothing, computes no checksum.
//   bench_xdp_echo INTERFACE ADDRESS PORT
#include "server/net/endpoint.h"
#include "server/net/xdp/frame_reader.h"
#include "server/net/xdp/kernel_bypass.h"
#include "server/net/xdp/packet_socket.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <sys/eventfd.h>

namespace {

using namespace fairlist::net::xdp;

constexpr std::size_t kUdpOffset = kEthernetBytes + kIpv4Bytes;
constexpr std::size_t kUdpChecksumOffset = kUdpOffset + 6;
constexpr std::size_t kFlagsOffset = kUdpOffset + kUdpBytes + 2;
constexpr std::size_t kFrameBytesMin = kUdpOffset + kUdpBytes + 12;  // RFC 1035 section 4.1.1
constexpr std::uint8_t kResponseBit = 0x80;

void swap_fields(std::span<std::uint8_t> frame, std::size_t at, std::size_t bytes) {
    std::swap_ranges(frame.begin() + static_cast<std::ptrdiff_t>(at),
                     frame.begin() + static_cast<std::ptrdiff_t>(at + bytes),
                     frame.begin() + static_cast<std::ptrdiff_t>(at + bytes));
}

// IPv4 only, where a checksum of zero is none (RFC 768). The sum of the IP header stays right.
void turn(std::span<std::uint8_t> frame) {
    swap_fields(frame, 0, kMacBytes);
    swap_fields(frame, kAddressesOffsetV4, 4);
    swap_fields(frame, kUdpOffset, 2);
    frame[kUdpChecksumOffset] = frame[kUdpChecksumOffset + 1] = 0;
    frame[kFlagsOffset] |= kResponseBit;
}

void send_back(PacketSocket& socket, std::span<const std::uint8_t> frame) {
    const std::span<std::uint8_t> space = socket.reply_space();
    if (frame.size() < kFrameBytesMin || space.size() < frame.size()) {
        return;
    }
    std::memcpy(space.data(), frame.data(), frame.size());
    turn(space.first(frame.size()));
    socket.add_reply(frame.size());
}

// Ends by a signal.
[[noreturn]] void run(PacketSocket& socket, int never) {
    for (;;) {
        const std::size_t count = socket.receive();
        for (std::size_t index = 0; index < count; ++index) {
            send_back(socket, socket.frame(index));
        }
        if (count != 0) {
            socket.finish_batch();
        } else {
            socket.wait(never);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto address = fairlist::parse_address(argc == 4 ? argv[2] : "");
    const unsigned long port = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
    if (!address || port == 0 || port > UINT16_MAX) {
        std::fprintf(stderr, "usage: bench_xdp_echo INTERFACE ADDRESS PORT\n");
        return 2;
    }
    const std::array endpoints = {
        fairlist::net::Endpoint{.address = *address, .port = static_cast<std::uint16_t>(port)}};
    const auto bypass = KernelBypass::open({.interface = argv[1], .queues = 1}, endpoints);
    if (!bypass) {
        std::fprintf(stderr, "bench_xdp_echo: %s\n", bypass.error().message.c_str());
        return 1;
    }
    run(*(*bypass)->sockets().front(), eventfd(0, EFD_CLOEXEC));
}
