#include "tests/unit/importer/fetch/http_server.h"

#include "listing/base/check.h"

#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace fairlist::importer {

namespace {

constexpr std::size_t kHeadBytesMax = 16384;

std::string read_head(int connection) {
    std::string head;
    std::array<char, 4096> buffer{};
    while (head.find("\r\n\r\n") == std::string::npos && head.size() < kHeadBytesMax) {
        const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (got <= 0) {
            break;
        }
        head.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return head;
}

bool send_all(int connection, const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t now =
            ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (now <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(now);
    }
    return true;
}

}  // namespace

HttpServer::HttpServer(const std::string& address, Answer answer)
    : address_(address), answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in bound{};
    bound.sin_family = AF_INET;
    FAIRLIST_CHECK(inet_pton(AF_INET, address.c_str(), &bound.sin_addr) == 1);
    FAIRLIST_CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&bound), sizeof bound) == 0);
    FAIRLIST_CHECK(::listen(listener_, 16) == 0);
    socklen_t size = sizeof bound;
    FAIRLIST_CHECK(::getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    port_ = ntohs(bound.sin_port);
    thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

void HttpServer::serve() {
    while (true) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) {
            return;
        }
        const std::string head = read_head(connection);
        {
            const std::lock_guard lock(mutex_);
            heads_.push_back(head);
        }
        answer_(head, [&](const std::string& bytes) { return send_all(connection, bytes); });
        ::close(connection);
    }
}

std::string HttpServer::url(const std::string& path) const {
    return "http://" + address_ + ":" + std::to_string(port_) + path;
}

std::vector<std::string> HttpServer::heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
}

std::string http_response(const std::string& status, const std::string& fields,
                          const std::string& body) {
    return "HTTP/1.1 " + status + "\r\n" + fields +
           "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

}  // namespace fairlist::importer
