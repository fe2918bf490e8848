// bench_echo: sends every query back as its own answer: what the sockets alone cost.
#include "server/net/socket.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>

namespace {

using fairlist::Address;
using fairlist::net::PortShare;
using fairlist::net::SocketAddress;

constexpr unsigned kBatch = 64;
constexpr std::size_t kHeaderBytes = 12;  // RFC 1035 section 4.1.1
constexpr std::size_t kFlagsOffset = 2;
constexpr std::uint8_t kResponseBit = 0x80;

class Echo {
  public:
    explicit Echo(int descriptor) : descriptor_(descriptor) {
        for (unsigned slot = 0; slot < kBatch; ++slot) {
            vectors_[slot].iov_base = bytes_[slot].data();
            messages_[slot].msg_hdr.msg_iov = &vectors_[slot];
            messages_[slot].msg_hdr.msg_iovlen = 1;
            messages_[slot].msg_hdr.msg_name = &peers_[slot];
        }
    }

    // Until the socket fails; ends by a signal.
    void run() {
        for (;;) {
            for (unsigned slot = 0; slot < kBatch; ++slot) {
                vectors_[slot].iov_len = bytes_[slot].size();
                messages_[slot].msg_hdr.msg_namelen = sizeof(SocketAddress);
            }
            const int received =
                recvmmsg(descriptor_, messages_.data(), kBatch, MSG_WAITFORONE, nullptr);
            if (received <= 0) {
                return;
            }
            for (unsigned slot = 0; slot < static_cast<unsigned>(received); ++slot) {
                turn(slot);
            }
            // What does not go out is lost, as in any server.
            sendmmsg(descriptor_, messages_.data(), static_cast<unsigned>(received), 0);
        }
    }

  private:
    void turn(unsigned slot) {
        if (messages_[slot].msg_len >= kHeaderBytes) {
            bytes_[slot][kFlagsOffset] |= kResponseBit;
        }
        vectors_[slot].iov_len = messages_[slot].msg_len;
    }

    int descriptor_;
    std::array<std::array<std::uint8_t, 512>, kBatch> bytes_{};
    std::array<SocketAddress, kBatch> peers_{};
    std::array<iovec, kBatch> vectors_{};
    std::array<mmsghdr, kBatch> messages_{};
};

}  // namespace

// bench_echo [ADDRESS [PORT]]; prints the port.
int main(int argc, char** argv) {
    const auto address = fairlist::parse_address(argc > 1 ? argv[1] : "127.0.0.1");
    const unsigned long port = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
    if (!address || port > UINT16_MAX) {
        std::fprintf(stderr, "usage: bench_echo [ADDRESS [PORT]]\n");
        return 2;
    }
    const auto socket =
        fairlist::net::open_udp({*address, static_cast<std::uint16_t>(port)}, PortShare::First);
    if (!socket) {
        std::fprintf(stderr, "bench_echo: %s\n", socket.error().message.c_str());
        return 1;
    }
    std::printf("%u\n", unsigned{fairlist::net::local_endpoint(*socket)->port});
    std::fflush(stdout);
    Echo(socket->descriptor()).run();
}
