#include "server/net/udp_batch.h"

#include <cerrno>
#include <cstring>

namespace fairlist::net {

namespace {

// The address that a datagram was sent to becomes the source of its answer. The interface is left
// to the routing table, except where an address means nothing without it.
void answer_from_destination(msghdr& message) noexcept {
    cmsghdr* control = CMSG_FIRSTHDR(&message);
    if (control == nullptr) {
        return;
    }
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
        in_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(control), sizeof(info));
        info.ipi_ifindex = 0;
        std::memcpy(CMSG_DATA(control), &info, sizeof(info));
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
        in6_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(control), sizeof(info));
        if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) {
            info.ipi6_ifindex = 0;
        }
        std::memcpy(CMSG_DATA(control), &info, sizeof(info));
    }
}

}  // namespace

UdpBatch::UdpBatch() : slots_(std::make_unique<std::array<Slot, kUdpBatchMax>>()) {
    for (std::size_t index = 0; index < kUdpBatchMax; ++index) {
        Slot& slot = (*slots_)[index];
        in_vectors_[index] = {.iov_base = slot.query.data(), .iov_len = slot.query.size()};
        in_[index].msg_hdr.msg_name = &slot.peer;
        in_[index].msg_hdr.msg_iov = &in_vectors_[index];
        in_[index].msg_hdr.msg_iovlen = 1;
        in_[index].msg_hdr.msg_control = slot.control.data();
        prepare(index);
    }
}

// The kernel writes into these fields what it has filled.
void UdpBatch::prepare(std::size_t index) noexcept {
    msghdr& header = in_[index].msg_hdr;
    header.msg_namelen = sizeof(SocketAddress);
    header.msg_controllen = (*slots_)[index].control.size();
    header.msg_flags = 0;
}

std::size_t UdpBatch::receive(int descriptor, int flags) noexcept {
    for (std::size_t index = 0; index < received_; ++index) {
        prepare(index);
    }
    answers_ = 0;
    const int count =
        recvmmsg(descriptor, in_.data(), kUdpBatchMax, flags | MSG_WAITFORONE, nullptr);
    received_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    return received_;
}

std::optional<Endpoint> UdpBatch::sender(std::size_t index) const noexcept {
    const msghdr& header = in_[index].msg_hdr;
    if ((header.msg_flags & MSG_TRUNC) != 0) {
        return std::nullopt;
    }
    std::optional<Endpoint> peer = to_endpoint((*slots_)[index].peer, header.msg_namelen);
    if (peer && peer->port == 0) {
        return std::nullopt;
    }
    return peer;
}

std::span<const std::uint8_t> UdpBatch::query(std::size_t index) const noexcept {
    return std::span((*slots_)[index].query).first(in_[index].msg_len);
}

std::span<const std::span<const std::uint8_t>> UdpBatch::queries() noexcept {
    for (std::size_t index = 0; index < received_; ++index) {
        queries_[index] = query(index);
    }
    return std::span(queries_).first(received_);
}

std::span<std::uint8_t> UdpBatch::answer_space(std::size_t index) noexcept {
    return (*slots_)[index].answer;
}

void UdpBatch::add_answer(std::size_t index, std::size_t size) noexcept {
    out_vectors_[answers_] = {.iov_base = (*slots_)[index].answer.data(), .iov_len = size};
    msghdr& header = out_[answers_].msg_hdr;
    header = in_[index].msg_hdr;
    header.msg_iov = &out_vectors_[answers_];
    header.msg_flags = 0;
    answer_from_destination(header);
    ++answers_;
}

std::size_t UdpBatch::send(int descriptor) noexcept {
    std::size_t failed = 0;
    std::size_t done = 0;
    // Each round sends or gives up at least one, or was interrupted by one of the few signals that
    // come before a stop.
    while (done < answers_) {
        const int sent =
            sendmmsg(descriptor, &out_[done], static_cast<unsigned>(answers_ - done), MSG_NOSIGNAL);
        if (sent > 0) {
            done += static_cast<std::size_t>(sent);
        } else if (errno != EINTR) {
            // The error is the first one's: its sender has no route or no such address.
            ++failed;
            ++done;
        }
    }
    answers_ = 0;
    return failed;
}

}  // namespace fairlist::net
