#include "server/net/tcp_server.h"

#include "server/net/client_network.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <limits>
#include <optional>
#include <pthread.h>
#include <span>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace fairlist::net {

namespace {

constexpr std::size_t kEventsMax = 64;
constexpr unsigned kAcceptsPerEventMax = 64;
// Late connections are looked for at most this often: the search visits all of them.
constexpr std::uint64_t kSweepPauseMs = 50;
// With no descriptors or memory left, accept() fails at once and again: wait for some to be freed.
constexpr std::uint64_t kAcceptPauseMs = 100;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

bool is_shortage(int error) noexcept {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

int wait_ms(std::uint64_t now_ms, std::uint64_t deadline_ms) noexcept {
    if (deadline_ms == kNever) {
        return -1;
    }
    constexpr std::uint64_t kLongestMs = 3'600'000;
    // One more than needed, because the coarse clock lags behind.
    return deadline_ms <= now_ms ? 0
                                 : static_cast<int>(std::min(deadline_ms - now_ms + 1, kLongestMs));
}

}  // namespace

TcpServer::TcpServer(std::vector<Socket> listeners, const SettingsBox& box, MessageHandler& handler,
                     Counters& counters)
    : listeners_(std::move(listeners)),
      box_(box),
      handler_(handler),
      counters_(counters),
      settings_(box.get()),
      version_(box.version()) {}

TcpServer::~TcpServer() {
    request_stop();
    join();
}

Result<void> TcpServer::start(std::vector<Socket> connections) {
    epoll_ = Socket(epoll_create1(EPOLL_CLOEXEC));
    stop_event_ = Socket(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!epoll_.is_open() || !stop_event_.is_open()) {
        return fail(Errc::Io, "cannot poll TCP sockets: " + system_message(errno));
    }
    watch(EPOLL_CTL_ADD, stop_event_.descriptor(), EPOLLIN);
    for (const Socket& listener : listeners_) {
        watch(EPOLL_CTL_ADD, listener.descriptor(), EPOLLIN);
    }
    now_ms_ = current_moment().monotonic_ms;
    next_sweep_ms_ = kNever;
    for (Socket& connection : connections) {
        adopt(std::move(connection));
    }
    thread_ = std::thread([this] { run(); });
    pthread_setname_np(thread_.native_handle(), "tcp");
    return {};
}

void TcpServer::request_stop(Ending ending) noexcept {
    ending_.store(ending, std::memory_order_relaxed);
    if (stop_event_.is_open()) {
        eventfd_write(stop_event_.descriptor(), 1);
    }
}

void TcpServer::join() noexcept {
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::vector<Socket> TcpServer::release() noexcept {
    std::ranges::move(listeners_, std::back_inserter(kept_));
    listeners_.clear();
    return std::move(kept_);
}

void TcpServer::run() {
    while (!stopping_) {
        serve_once(accept_again_ms_ == 0 ? next_sweep_ms_
                                         : std::min(next_sweep_ms_, accept_again_ms_));
    }
    if (ending_.load(std::memory_order_relaxed) == Ending::HandOver) {
        hand_over();
    } else {
        close_down();
    }
    clients_.clear();
    counters_.tcp_open.set(0);
}

void TcpServer::hand_over() {
    for (const Socket& listener : listeners_) {
        accept_from(listener);
        watch(EPOLL_CTL_DEL, listener.descriptor(), 0);
    }
    accept_again_ms_ = 0;
    serve_all();
    const std::uint64_t end_ms = now_ms_ + settings_->tcp.io_timeout_ms;
    keep_idle_ones();
    while (!clients_.empty() && now_ms_ < end_ms) {
        serve_once(end_ms);
        keep_idle_ones();
    }
}

// Answers what has arrived of those who take their answers.
void TcpServer::serve_all() {
    handler_.begin_batch(current_moment());
    for (const int descriptor : open_descriptors()) {
        if (Client& client = clients_.at(descriptor); !client.waits_to_write) {
            serve(client);
        }
    }
    handler_.end_batch();
}

// To go by while connections are closed.
std::vector<int> TcpServer::open_descriptors() const {
    std::vector<int> open;
    open.reserve(clients_.size());
    for (const auto& [descriptor, client] : clients_) {
        open.push_back(descriptor);
    }
    return open;
}

void TcpServer::keep_idle_ones() {
    for (auto entry = clients_.begin(); entry != clients_.end();) {
        TcpConnection& connection = entry->second.connection;
        if (!connection.is_between_messages()) {
            ++entry;
            continue;
        }
        watch(EPOLL_CTL_DEL, entry->first, 0);
        kept_.push_back(connection.release());
        entry = clients_.erase(entry);
    }
}

void TcpServer::close_down() {
    for (const Socket& listener : listeners_) {
        accept_from(listener);
    }
    listeners_.clear();
    serve_all();
    for (const int descriptor : open_descriptors()) {
        Client& client = clients_.at(descriptor);
        apply(client, client.connection.finish());
    }
    const std::uint64_t end_ms = now_ms_ + settings_->tcp.io_timeout_ms;
    while (!clients_.empty() && now_ms_ < end_ms) {
        serve_once(end_ms);
    }
}

void TcpServer::serve_once(std::uint64_t deadline_ms) {
    std::array<epoll_event, kEventsMax> events;
    const int count =
        epoll_wait(epoll_.descriptor(), events.data(), kEventsMax, wait_ms(now_ms_, deadline_ms));
    const Moment moment = current_moment();
    now_ms_ = moment.monotonic_ms;
    refresh_settings();
    if (count > 0) {
        handler_.begin_batch(moment);
        for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
            dispatch(event.data.fd);
        }
        handler_.end_batch();
    }
    if (accept_again_ms_ != 0 && now_ms_ >= accept_again_ms_) {
        resume_accepting();
    }
    if (now_ms_ >= next_sweep_ms_) {
        cut_late_ones();
    }
}

void TcpServer::dispatch(int descriptor) {
    if (descriptor == stop_event_.descriptor()) {
        stopping_ = true;
        watch(EPOLL_CTL_DEL, descriptor, 0);
        return;
    }
    const auto listener = std::ranges::find(listeners_, descriptor, &Socket::descriptor);
    if (listener != listeners_.end()) {
        accept_from(*listener);
        return;
    }
    // An event may be for a connection that an earlier one of the same round has closed.
    if (const auto found = clients_.find(descriptor); found != clients_.end()) {
        serve(found->second);
    }
}

void TcpServer::accept_from(const Socket& listener) {
    for (unsigned round = 0; round < kAcceptsPerEventMax; ++round) {
        if (!accept_one(listener)) {
            return;
        }
    }
}

bool TcpServer::accept_one(const Socket& listener) {
    SocketAddress address{};
    socklen_t size = sizeof(address);
    Socket socket(
        accept4(listener.descriptor(), &address.base, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) {
        if (is_shortage(errno)) {
            pause_accepting();
            return false;
        }
        // Anything else but EAGAIN concerns the one connection: accept(2) passes its network
        // errors on.
        return errno != EAGAIN;
    }
    if (const std::optional<Endpoint> peer = to_endpoint(address, size)) {
        add_client(std::move(socket), peer->address);
    }
    return true;
}

void TcpServer::adopt(Socket socket) {
    SocketAddress address{};
    socklen_t size = sizeof(address);
    // One that was reset meanwhile has no peer any more.
    if (getpeername(socket.descriptor(), &address.base, &size) != 0) {
        return;
    }
    if (const std::optional<Endpoint> peer = to_endpoint(address, size)) {
        add_client(std::move(socket), peer->address);
    }
}

void TcpServer::add_client(Socket socket, const Address& peer) {
    const TcpLimits& limits = settings_->tcp;
    const Prefix network = client_network(peer);
    const auto counted = per_network_.find(network);
    const std::uint32_t of_network = counted == per_network_.end() ? 0 : counted->second;
    if (clients_.size() >= limits.connections || of_network >= limits.connections_per_client) {
        counters_.tcp_refused.add();
        return;
    }
    const int descriptor = socket.descriptor();
    const auto [added, is_new] = clients_.try_emplace(descriptor, std::move(socket), peer, now_ms_);
    watch(EPOLL_CTL_ADD, descriptor, EPOLLIN);
    per_network_[network] = of_network + 1;
    next_sweep_ms_ = std::min(next_sweep_ms_, added->second.connection.deadline(limits));
    counters_.tcp_opened.add();
    counters_.tcp_open.set(clients_.size());
}

void TcpServer::pause_accepting() {
    counters_.tcp_accept_errors.add();
    accept_again_ms_ = now_ms_ + kAcceptPauseMs;
    for (const Socket& listener : listeners_) {
        watch(EPOLL_CTL_MOD, listener.descriptor(), 0);
    }
}

void TcpServer::resume_accepting() {
    accept_again_ms_ = 0;
    for (const Socket& listener : listeners_) {
        watch(EPOLL_CTL_MOD, listener.descriptor(), EPOLLIN);
    }
}

void TcpServer::serve(Client& client) {
    // A client that has reset the connection is found out by the read or write that fails.
    TcpConnection& connection = client.connection;
    apply(client, client.waits_to_write ? connection.on_writable(handler_, *scratch_, now_ms_)
                                        : connection.on_readable(handler_, *scratch_, now_ms_));
}

void TcpServer::apply(Client& client, TcpConnection::Next next) {
    if (next == TcpConnection::Next::Close) {
        close(client.connection);
        return;
    }
    const bool waits_to_write = next == TcpConnection::Next::Write;
    if (waits_to_write != client.waits_to_write) {
        client.waits_to_write = waits_to_write;
        watch(EPOLL_CTL_MOD, client.connection.descriptor(), waits_to_write ? EPOLLOUT : EPOLLIN);
    }
    next_sweep_ms_ = std::min(next_sweep_ms_, client.connection.deadline(settings_->tcp));
}

// The calls that are made here fail for want of kernel memory only; a connection that is not
// watched is cut by its timeout.
void TcpServer::watch(int operation, int descriptor, std::uint32_t events) noexcept {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    epoll_ctl(epoll_.descriptor(), operation, descriptor, &event);
}

void TcpServer::close(const TcpConnection& connection) {
    const auto counted = per_network_.find(client_network(connection.client()));
    if (counted != per_network_.end() && --counted->second == 0) {
        per_network_.erase(counted);
    }
    clients_.erase(connection.descriptor());
    counters_.tcp_open.set(clients_.size());
}

void TcpServer::cut_late_ones() {
    std::uint64_t earliest = kNever;
    std::vector<int> late;
    for (const auto& [descriptor, client] : clients_) {
        const std::uint64_t deadline = client.connection.deadline(settings_->tcp);
        if (deadline <= now_ms_) {
            late.push_back(descriptor);
        } else {
            earliest = std::min(earliest, deadline);
        }
    }
    for (const int descriptor : late) {
        counters_.tcp_timed_out.add();
        close(clients_.at(descriptor).connection);
    }
    next_sweep_ms_ = earliest == kNever ? kNever : std::max(earliest, now_ms_ + kSweepPauseMs);
}

void TcpServer::refresh_settings() {
    if (const std::uint64_t version = box_.version(); version != version_) {
        version_ = version;
        settings_ = box_.get();
        next_sweep_ms_ = clients_.empty() ? kNever : now_ms_;
    }
}

}  // namespace fairlist::net
