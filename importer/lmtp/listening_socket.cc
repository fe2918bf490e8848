#include "importer/lmtp/listening_socket.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace fairlist::importer {

namespace {

constexpr mode_t kSocketMode = 0660;
constexpr int kSocketType = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

// Any socket address, of so many bytes.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t bytes = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr* get() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] int family() const noexcept { return storage.ss_family; }
    template <typename T>
    [[nodiscard]] T as() const noexcept {
        T out{};
        std::memcpy(&out, &storage, sizeof out);
        return out;
    }
    template <typename T>
    static SocketAddress of(const T& address) noexcept {
        SocketAddress out;
        std::memcpy(&out.storage, &address, sizeof address);
        out.bytes = sizeof address;
        return out;
    }
};

SocketAddress socket_address(const Address& address, std::uint16_t port) {
    if (address.is_v4()) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(address.v4());
        return SocketAddress::of(v4);
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::ranges::copy(address.to_bytes(), std::begin(v6.sin6_addr.s6_addr));
    return SocketAddress::of(v6);
}

// None: not of the internet.
std::optional<Address> address_of(const SocketAddress& address) {
    if (address.family() == AF_INET) {
        return Address::from_v4(ntohl(address.as<sockaddr_in>().sin_addr.s_addr));
    }
    if (address.family() == AF_INET6) {
        std::array<std::uint8_t, 16> bytes{};
        std::ranges::copy(address.as<sockaddr_in6>().sin6_addr.s6_addr, bytes.begin());
        return Address::from_bytes(bytes);
    }
    return std::nullopt;
}

std::unexpected<Error> listen_error(std::string_view what, const std::string& where) {
    const bool taken = errno == EADDRINUSE;
    Error error = io_error(what, where).error();
    return std::unexpected(Error{taken ? Errc::Conflict : error.code, std::move(error.message)});
}

Result<Descriptor> bound(Descriptor socket, SocketAddress address, const std::string& where) {
    if (::bind(socket.get(), address.get(), address.bytes) != 0 ||
        ::listen(socket.get(), kListenBacklog) != 0) {
        return listen_error("listen on", where);
    }
    return socket;
}

// Errors: Conflict, when what is there is not what a dead process left.
Result<void> remove_stale(const std::filesystem::path& path, SocketAddress address) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        return errno == ENOENT ? Result<void>{} : listen_error("look at", path.string());
    }
    if (!S_ISSOCK(status.st_mode)) {
        return fail(Errc::Conflict,
                    fmt::format("\"{}\" is there and is no socket; name another path, or move it "
                                "away",
                                path.string()));
    }
    const Descriptor probe(::socket(AF_UNIX, kSocketType, 0));
    // A full backlog (EAGAIN) has a living owner as well.
    if (::connect(probe.get(), address.get(), address.bytes) == 0 || errno != ECONNREFUSED) {
        return fail(Errc::Conflict,
                    fmt::format("\"{}\": a running process listens there already; stop it first, "
                                "or name another path",
                                path.string()));
    }
    return ::unlink(path.c_str()) == 0 ? Result<void>{} : listen_error("replace", path.string());
}

}  // namespace

Result<Descriptor> listen_on(const Address& address, std::uint16_t port) {
    const std::string where = fmt::format("{} port {}", to_string(address), port);
    Descriptor socket(::socket(address.is_v4() ? AF_INET : AF_INET6, kSocketType, 0));
    const int on = 1;
    if (!socket.is_open() ||
        ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        return listen_error("listen on", where);
    }
    if (!address.is_v4() &&
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) {
        return listen_error("listen on", where);
    }
    return bound(std::move(socket), socket_address(address, port), where);
}

Result<Descriptor> listen_on(const std::filesystem::path& path) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string text = path.string();
    if (text.empty() || text.size() >= sizeof name.sun_path) {
        return fail(Errc::OutOfRange, fmt::format("\"{}\": expected a path of 1 to {} bytes", text,
                                                  sizeof name.sun_path - 1));
    }
    std::ranges::copy(text, std::begin(name.sun_path));
    // Two processes that start at once must not take each other's new file for a stale one.
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!lock.is_open() || ::flock(lock.get(), LOCK_EX) != 0) {
        return listen_error("open", folder.string());
    }
    if (const auto removed = remove_stale(path, SocketAddress::of(name)); !removed) {
        return std::unexpected(removed.error());
    }
    // The mode of the descriptor is that of the file, less the umask, from its first moment on;
    // what the umask took comes back afterwards.
    Descriptor socket(::socket(AF_UNIX, kSocketType, 0));
    if (!socket.is_open() || ::fchmod(socket.get(), kSocketMode) != 0) {
        return listen_error("listen on", text);
    }
    auto listening = bound(std::move(socket), SocketAddress::of(name), text);
    if (listening && ::chmod(path.c_str(), kSocketMode) != 0) {
        return listen_error("set the mode of", text);
    }
    return listening;
}

int duplicate(const Descriptor& socket) {
    return ::fcntl(socket.get(), F_DUPFD_CLOEXEC, 0);
}

bool is_listening(int socket) {
    int listening = 0;
    socklen_t bytes = sizeof listening;
    return ::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &bytes) == 0 &&
           listening != 0;
}

int family_of(int socket) {
    SocketAddress address;
    return ::getsockname(socket, address.get(), &address.bytes) == 0 ? address.family() : AF_UNSPEC;
}

std::uint16_t port_of(int socket) {
    SocketAddress address;
    if (::getsockname(socket, address.get(), &address.bytes) != 0) {
        return 0;
    }
    if (address.family() == AF_INET) {
        return ntohs(address.as<sockaddr_in>().sin_port);
    }
    return address.family() == AF_INET6 ? ntohs(address.as<sockaddr_in6>().sin6_port)
                                        : std::uint16_t{0};
}

bool is_trusted_peer(int connection, std::span<const Prefix> trusted) {
    SocketAddress address;
    if (::getpeername(connection, address.get(), &address.bytes) != 0) {
        return false;
    }
    if (address.family() == AF_UNIX) {
        return true;
    }
    const auto peer = address_of(address);
    return peer && std::ranges::any_of(
                       trusted, [&](const Prefix& prefix) { return prefix.contains(*peer); });
}

}  // namespace fairlist::importer
