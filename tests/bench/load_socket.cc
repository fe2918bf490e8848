#include "tests/bench/load_socket.h"

#include "server/dns/wire_reader.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>
#include <system_error>

namespace fairlist::bench {

namespace {

constexpr int kBufferBytes = 4 << 20U;
constexpr std::size_t kIdBytes = 2;

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void count_answer(std::span<const std::uint8_t> answer, LoadCounts& counts) {
    // RFC 1035 section 4.1.1: flags, then the counts of questions and of answers.
    dns::WireReader reader(answer.subspan(kIdBytes));
    const unsigned rcode = reader.read_u16() & 0x0FU;
    static_cast<void>(reader.read_u16());
    const std::uint16_t records = reader.read_u16();
    constexpr unsigned kNoError = 0;
    constexpr unsigned kNxDomain = 3;
    counts.records += records;
    ++(rcode == kNoError && records != 0         ? counts.positive
       : rcode == kNoError || rcode == kNxDomain ? counts.negative
                                                 : counts.failed);
}

}  // namespace

std::uint64_t now_ns() noexcept {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
}

LoadSocket::LoadSocket(const sockaddr_in& server)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      sent_at_(kIds),
      answers_(kBatchMax) {
    if (!socket_.is_open()) {
        throw_errno("socket");
    }
    for (const int option : {SO_RCVBUF, SO_SNDBUF}) {
        setsockopt(descriptor(), SOL_SOCKET, option, &kBufferBytes, sizeof(kBufferBytes));
    }
    net::SocketAddress address{.v4 = server};
    if (connect(descriptor(), &address.base, sizeof(server)) != 0) {
        throw_errno("connect");
    }
    for (std::size_t slot = 0; slot < kBatchMax; ++slot) {
        out_vectors_[slot][0] = {.iov_base = ids_[slot].data(), .iov_len = kIdBytes};
        out_[slot].msg_hdr.msg_iov = out_vectors_[slot].data();
        out_[slot].msg_hdr.msg_iovlen = out_vectors_[slot].size();
        in_vectors_[slot] = {.iov_base = answers_[slot].data(), .iov_len = kAnswerBytesMax};
        in_[slot].msg_hdr.msg_iov = &in_vectors_[slot];
        in_[slot].msg_hdr.msg_iovlen = 1;
    }
}

std::size_t LoadSocket::send(const QueryFile& queries, std::size_t& next, std::size_t count,
                             std::uint64_t now_ns, LoadCounts& counts) {
    // An id comes again only when all given since its last use are settled.
    const std::size_t free_ids =
        kOutstandingMax - std::min<std::uint64_t>(next_id_ - oldest_id_, kOutstandingMax);
    count = std::min({count, kBatchMax, free_ids});
    for (std::size_t slot = 0; slot < count; ++slot) {
        const std::size_t id = (next_id_ + slot) % kIds;
        ids_[slot] = {static_cast<std::uint8_t>(id >> 8U), static_cast<std::uint8_t>(id & 0xFFU)};
        const auto rest = queries.packet((next + slot) % queries.size()).subspan(kIdBytes);
        out_vectors_[slot][1] = {.iov_base = const_cast<std::uint8_t*>(rest.data()),
                                 .iov_len = rest.size()};
    }
    if (count == 0) {
        return 0;
    }
    const int result = sendmmsg(descriptor(), out_.data(), static_cast<unsigned>(count), 0);
    const std::size_t sent = result > 0 ? static_cast<std::size_t>(result) : 0;
    for (std::size_t slot = 0; slot < sent; ++slot) {
        sent_at_[(next_id_ + slot) % kIds] = now_ns;
    }
    next_id_ += sent;
    outstanding_ += sent;
    next = (next + sent) % queries.size();
    counts.sent += sent;
    return sent;
}

std::size_t LoadSocket::receive(LoadCounts& counts) {
    const int result =
        recvmmsg(descriptor(), in_.data(), static_cast<unsigned>(kBatchMax), MSG_DONTWAIT, nullptr);
    if (result <= 0) {
        return 0;
    }
    const std::uint64_t now = bench::now_ns();
    const std::uint64_t before = counts.answered;
    for (std::size_t slot = 0; slot < static_cast<std::size_t>(result); ++slot) {
        take(slot, in_[slot].msg_len, now, counts);
    }
    return counts.answered - before;
}

void LoadSocket::take(std::size_t slot, std::size_t size, std::uint64_t now_ns,
                      LoadCounts& counts) {
    constexpr std::size_t kHeaderBytes = 12;  // RFC 1035 section 4.1.1
    const auto answer = std::span<const std::uint8_t>(answers_[slot]).first(size);
    if (answer.size() < kHeaderBytes) {
        return;
    }
    std::uint64_t& sent_at = sent_at_[std::size_t{answer[0]} << 8U | answer[1]];
    if (sent_at == 0) {
        return;  // came after it was given up
    }
    counts.latency.add(now_ns - std::min(now_ns, sent_at));
    sent_at = 0;
    --outstanding_;
    ++counts.answered;
    counts.bytes += size;
    count_answer(answer, counts);
}

void LoadSocket::expire(std::uint64_t sent_before_ns, LoadCounts& counts) {
    while (oldest_id_ != next_id_) {
        std::uint64_t& sent_at = sent_at_[oldest_id_ % kIds];
        if (sent_at >= sent_before_ns) {
            break;
        }
        if (sent_at != 0) {
            sent_at = 0;
            --outstanding_;
            ++counts.lost;
        }
        ++oldest_id_;
    }
}

}  // namespace fairlist::bench
