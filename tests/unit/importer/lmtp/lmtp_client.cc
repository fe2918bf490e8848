#include "tests/unit/importer/lmtp/lmtp_client.h"

#include "listing/base/check.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace fairlist::importer {

namespace {

constexpr std::chrono::seconds kPatience{20};

bool wait_for(const Descriptor& socket, short events, std::chrono::milliseconds wait) {
    pollfd waiting{socket.get(), events, 0};
    return ::poll(&waiting, 1, static_cast<int>(wait.count())) > 0;
}

}  // namespace

LmtpClient::LmtpClient(std::uint16_t port)
    : LmtpClient(Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port) {}

LmtpClient::LmtpClient(Descriptor socket, std::uint16_t port) : socket_(std::move(socket)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    FAIRLIST_CHECK(
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

LmtpClient::LmtpClient(const std::filesystem::path& unix_socket)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    FAIRLIST_CHECK(unix_socket.string().size() < sizeof address.sun_path);
    std::ranges::copy(unix_socket.string(), std::begin(address.sun_path));
    FAIRLIST_CHECK(
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

bool LmtpClient::say(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t LmtpClient::push(std::string_view bytes, std::chrono::milliseconds wait) {
    if (!wait_for(socket_, POLLOUT, wait)) {
        return 0;
    }
    const ssize_t sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

bool LmtpClient::fill() {
    std::array<char, 4096> bytes{};
    if (!wait_for(socket_, POLLIN, kPatience)) {
        return false;
    }
    const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) {
        return false;
    }
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

std::string LmtpClient::line() {
    while (true) {
        if (const std::size_t end = buffer_.find("\r\n"); end != std::string::npos) {
            std::string out = buffer_.substr(0, end);
            buffer_.erase(0, end + 2);
            return out;
        }
        if (!fill()) {
            return {};
        }
    }
}

std::string LmtpClient::code() {
    std::string last = line();
    while (last.size() > 3 && last[3] == '-') {
        last = line();
    }
    const bool enhanced = last.size() > 5 && last[5] == '.';
    return enhanced ? last.substr(0, last.find(' ', 4)) : last.substr(0, 3);
}

std::string LmtpClient::ask(const std::string& command) {
    return say(command + "\r\n") ? code() : std::string();
}

void LmtpClient::begin() {
    FAIRLIST_CHECK(code() == "220");
    FAIRLIST_CHECK(ask("LHLO client.example") == "250");
}

bool LmtpClient::has_input(std::chrono::milliseconds wait) const {
    return !buffer_.empty() || wait_for(socket_, POLLIN, wait);
}

bool LmtpClient::at_end() {
    std::array<char, 1> byte{};
    return buffer_.empty() && wait_for(socket_, POLLIN, kPatience) &&
           ::recv(socket_.get(), byte.data(), byte.size(), 0) <= 0;
}

}  // namespace fairlist::importer
