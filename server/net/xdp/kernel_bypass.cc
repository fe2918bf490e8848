#include "server/net/xdp/kernel_bypass.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <expected>
#include <thread>
#include <utility>

namespace fairlist::net::xdp {

namespace {

// RFC 1122 section 3.3.2: what every host must take; below it not even 512 bytes of DNS fit.
constexpr std::size_t kMtuMin = 576;

// The kernel clears up behind a process that was killed, and does so a little later: who is started
// in its place at once finds its interface held by nobody.
constexpr unsigned kTriesMax = 20;
constexpr std::chrono::milliseconds kTryPause{50};

Result<void> check(const Interface& interface, const BypassOptions& options) {
    if (options.queues > interface.queues) {
        return fail(Errc::OutOfRange,
                    fmt::format("queues: {}: interface \"{}\" receives on {}; 0 is all of them",
                                options.queues, interface.name, interface.queues));
    }
    if (interface.mtu < kMtuMin) {
        return fail(Errc::OutOfRange, fmt::format("interface \"{}\" has an MTU of {}: at least {} "
                                                  "is needed",
                                                  interface.name, interface.mtu, kMtuMin));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<KernelBypass>> KernelBypass::open(const BypassOptions& options,
                                                         std::span<const Endpoint> endpoints) {
    auto bypass = open_once(options, endpoints);
    for (unsigned tries = 1; !bypass && bypass.error().code == Errc::Conflict && tries < kTriesMax;
         ++tries) {
        std::this_thread::sleep_for(kTryPause);
        bypass = open_once(options, endpoints);
    }
    return bypass;
}

Result<std::unique_ptr<KernelBypass>> KernelBypass::open_once(const BypassOptions& options,
                                                              std::span<const Endpoint> endpoints) {
    const Result<Interface> interface = read_interface(options.interface);
    if (!interface) {
        return std::unexpected(interface.error());
    }
    if (Result<void> checked = check(*interface, options); !checked) {
        return std::unexpected(checked.error());
    }
    Result<RedirectProgram> program = RedirectProgram::load(*interface, endpoints, kFrameBytesMax);
    if (!program) {
        return std::unexpected(program.error());
    }
    const Result<AttachMode> mode = program->attach(options.mode);
    if (!mode) {
        return std::unexpected(mode.error());
    }
    std::unique_ptr<KernelBypass> bypass(new KernelBypass(*interface, std::move(*program)));
    bypass->mode_ = *mode;
    if (Result<void> opened = bypass->open_sockets(options); !opened) {
        return std::unexpected(opened.error());
    }
    return bypass;
}

// Behind the program: whether a socket may ask for zero copy depends on where that runs.
Result<void> KernelBypass::open_sockets(const BypassOptions& options) {
    const SocketOptions each{.generic = mode_ == AttachMode::Generic,
                             .zero_copy = options.zero_copy,
                             .busy_poll = options.busy_poll};
    const std::uint32_t count = options.queues == 0 ? interface_.queues : options.queues;
    for (std::uint32_t queue = 0; queue < count; ++queue) {
        auto socket = PacketSocket::open(interface_, queue, each);
        if (!socket) {
            return std::unexpected(socket.error());
        }
        sockets_.push_back(std::move(*socket));
        if (Result<void> added = program_.add_socket(queue, sockets_.back()->descriptor());
            !added) {
            return added;
        }
    }
    return {};
}

std::string KernelBypass::description() const {
    const bool zero_copy =
        std::ranges::all_of(sockets_, [](const auto& socket) { return socket->is_zero_copy(); });
    return fmt::format("{}: {} mode, {}, {} of {} queues", interface_.name,
                       mode_ == AttachMode::Native ? "native" : "generic",
                       zero_copy ? "zero copy" : "copies", sockets_.size(), interface_.queues);
}

std::uint64_t KernelBypass::lost() const noexcept {
    std::uint64_t frames = 0;
    for (const auto& socket : sockets_) {
        frames += socket->lost();
    }
    return frames;
}

}  // namespace fairlist::net::xdp
