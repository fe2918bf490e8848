#include "tests/unit/server/http/raw_client.h"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace fairlist::http {

namespace {

constexpr timeval kPatience = {.tv_sec = 10, .tv_usec = 0};

int open_socket(int family) {
    const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_GE(made, 0);
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof(kPatience));
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof(kPatience));
    return made;
}

// The one place where the kernel's view of an address is taken.
const sockaddr* view(const void* address) {
    return static_cast<const sockaddr*>(address);
}

sockaddr_in tcp_address(const std::string& text, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    EXPECT_EQ(inet_pton(AF_INET, text.c_str(), &address.sin_addr), 1);
    return address;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, const std::string& from) : socket_(open_socket(AF_INET)) {
    const sockaddr_in source = tcp_address(from, 0);
    EXPECT_EQ(bind(socket_, view(&source), sizeof(source)), 0);
    const sockaddr_in target = tcp_address("127.0.0.1", port);
    EXPECT_EQ(connect(socket_, view(&target), sizeof(target)), 0) << std::strerror(errno);
}

RawClient::RawClient(const std::string& unix_path) : socket_(open_socket(AF_UNIX)) {
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    EXPECT_LT(unix_path.size(), sizeof(target.sun_path));
    unix_path.copy(target.sun_path, sizeof(target.sun_path) - 1);
    EXPECT_EQ(connect(socket_, view(&target), sizeof(target)), 0) << std::strerror(errno);
}

RawClient::~RawClient() {
    ssl_.reset();
    close(socket_);
}

bool RawClient::start_tls(int version, std::string_view protocols) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    // Old versions need a lower level in OpenSSL 3; they are to fail at the server.
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), 0);
    SSL_CTX_set_max_proto_version(context_.get(), version);
    ssl_.reset(SSL_new(context_.get()));
    const std::string wire(protocols);
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned>(wire.size()));
    SSL_set_fd(ssl_.get(), socket_);
    return SSL_connect(ssl_.get()) == 1;
}

std::string RawClient::tls_name() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get1_peer_certificate(ssl_.get()), X509_free);
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    return name.data();
}

bool RawClient::say(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent =
            ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                 : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::end_saying() {
    shutdown(socket_, SHUT_WR);
}

bool RawClient::hear_some() {
    std::array<char, 65536> buffer{};
    errno = 0;
    const ssize_t got = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                             : recv(socket_, buffer.data(), buffer.size(), 0);
    EXPECT_TRUE(got > 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) << "neither answer nor end";
    if (got > 0) {
        heard_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return got > 0;
}

Answer RawClient::hear(bool to_head) {
    Answer answer = take_answer(heard_, to_head);
    while (answer.status == 0 && hear_some()) {
        answer = take_answer(heard_, to_head);
    }
    return answer;
}

std::string RawClient::hear_all() {
    while (hear_some()) {
    }
    return std::exchange(heard_, {});
}

}  // namespace fairlist::http
