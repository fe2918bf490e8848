#include "tests/unit/importer/dkim/dns_responder.h"

#include "listing/base/check.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kHeaderBytes = 12;
constexpr int kBindTriesMax = 50;

std::string u16(std::size_t value) {
    return {static_cast<char>(static_cast<unsigned char>(value >> 8U)),
            static_cast<char>(static_cast<unsigned char>(value))};
}

std::string u32(std::uint32_t value) {
    return u16(value >> 16U) + u16(value & 0xFFFFU);
}

std::string record(std::string_view owner, std::uint16_t type, std::uint32_t ttl,
                   const std::string& data) {
    return dns_name(owner) + u16(type) + u16(1) + u32(ttl) + u16(data.size()) + data;
}

// Reads exactly so much, or fails.
bool read_all(int socket, std::string& out, std::size_t size) {
    out.resize(size);
    std::size_t got = 0;
    while (got < size) {
        const ssize_t now = ::recv(socket, out.data() + got, size - got, 0);
        if (now <= 0) {
            return false;
        }
        got += static_cast<std::size_t>(now);
    }
    return true;
}

}  // namespace

DnsResponder::DnsResponder(Answer answer) : answer_(std::move(answer)) {
    bool bound = false;
    for (int i = 0; i < kBindTriesMax && !bound; ++i) {
        bound = bind_both();
    }
    FAIRLIST_CHECK(bound);
    std::array<int, 2> pipe{};
    FAIRLIST_CHECK(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    stop_read_ = pipe[0];
    stop_write_ = pipe[1];
    thread_ = std::thread([this] { serve(); });
}

DnsResponder::~DnsResponder() {
    ::close(stop_write_);
    thread_.join();
    ::close(stop_read_);
    ::close(udp_);
    ::close(tcp_);
}

// The port that the kernel chose for TCP may be taken for UDP.
bool DnsResponder::bind_both() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* address = reinterpret_cast<sockaddr*>(&at);
    socklen_t size = sizeof at;
    tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (::bind(tcp_, address, size) == 0 && ::listen(tcp_, 16) == 0 &&
        ::getsockname(tcp_, address, &size) == 0 && ::bind(udp_, address, size) == 0) {
        port_ = ntohs(at.sin_port);
        return true;
    }
    ::close(tcp_);
    ::close(udp_);
    return false;
}

void DnsResponder::serve() {
    while (true) {
        std::array<pollfd, 3> watched = {
            {{stop_read_, POLLIN, 0}, {udp_, POLLIN, 0}, {tcp_, POLLIN, 0}}};
        FAIRLIST_CHECK(::poll(watched.data(), watched.size(), -1) > 0);
        if (watched[0].revents != 0) {
            return;
        }
        if (watched[1].revents != 0) {
            serve_datagram();
        }
        if (watched[2].revents != 0) {
            serve_connection();
        }
    }
}

void DnsResponder::serve_datagram() {
    std::string query(512, ' ');
    sockaddr_in from{};
    auto* address = reinterpret_cast<sockaddr*>(&from);
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(udp_, query.data(), query.size(), 0, address, &size);
    if (got <= 0) {
        return;
    }
    query.resize(static_cast<std::size_t>(got));
    {
        const std::lock_guard lock(mutex_);
        ++udp_queries_;
        last_query_ = query;
    }
    for (const std::string& reply : answer_(query, false)) {
        ::sendto(udp_, reply.data(), reply.size(), MSG_NOSIGNAL, address, size);
    }
}

void DnsResponder::serve_connection() {
    const int connection = ::accept4(tcp_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
        return;
    }
    std::string length;
    std::string query;
    if (read_all(connection, length, 2) &&
        read_all(connection, query,
                 (std::size_t{static_cast<unsigned char>(length[0])} << 8U) |
                     static_cast<unsigned char>(length[1]))) {
        {
            const std::lock_guard lock(mutex_);
            ++tcp_queries_;
            last_query_ = query;
        }
        const auto replies = answer_(query, true);
        const std::string framed =
            replies.empty() ? std::string() : u16(replies[0].size()) + replies[0];
        // In two parts, as a network may deliver it.
        ::send(connection, framed.data(), framed.size() / 2, MSG_NOSIGNAL);
        ::send(connection, framed.data() + framed.size() / 2, framed.size() - framed.size() / 2,
               MSG_NOSIGNAL);
    }
    ::close(connection);
}

std::string DnsResponder::last_query() const {
    const std::lock_guard lock(mutex_);
    return last_query_;
}

std::size_t DnsResponder::udp_queries() const {
    const std::lock_guard lock(mutex_);
    return udp_queries_;
}

std::size_t DnsResponder::tcp_queries() const {
    const std::lock_guard lock(mutex_);
    return tcp_queries_;
}

std::string dns_reply(const std::string& query, const DnsReplyParts& parts) {
    const std::size_t name_end = query.find('\0', kHeaderBytes);
    std::string out = query.substr(0, 2) + u16(parts.flags) + u16(1) + u16(parts.answers.size()) +
                      u16(parts.authority.size()) + u16(0);
    out += query.substr(kHeaderBytes, name_end + 5 - kHeaderBytes);
    for (const std::string& answer : parts.answers) {
        out += answer;
    }
    for (const std::string& answer : parts.authority) {
        out += answer;
    }
    return out;
}

std::string dns_name(std::string_view text) {
    if (text.empty()) {
        return "\xC0\x0C";
    }
    std::string out;
    while (!text.empty()) {
        const std::string_view label = text.substr(0, text.find('.'));
        out += static_cast<char>(label.size());
        out += label;
        text.remove_prefix(std::min(text.size(), label.size() + 1));
    }
    return out + '\0';
}

std::string dns_txt(std::string_view owner, std::uint32_t ttl,
                    const std::vector<std::string>& strings) {
    std::string data;
    for (const std::string& text : strings) {
        data += static_cast<char>(static_cast<unsigned char>(text.size()));
        data += text;
    }
    return record(owner, 16, ttl, data);
}

std::string dns_alias(std::string_view owner, std::uint32_t ttl, std::string_view target) {
    return record(owner, 5, ttl, dns_name(target));
}

std::string dns_soa(std::string_view owner, std::uint32_t ttl, std::uint32_t minimum) {
    return record(owner, 6, ttl,
                  dns_name("ns.example") + dns_name("h.example") + u32(1) + u32(2) + u32(3) +
                      u32(4) + u32(minimum));
}

std::string asked_name(const std::string& query) {
    std::string out;
    std::size_t at = kHeaderBytes;
    while (at < query.size() && query[at] != '\0') {
        const auto size = static_cast<std::size_t>(query[at]);
        out += (out.empty() ? "" : ".") + query.substr(at + 1, size);
        at += 1 + size;
    }
    return out;
}

}  // namespace fairlist::importer
