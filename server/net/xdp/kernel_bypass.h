// KernelBypass: the XDP program on an interface with a packet socket on each of its queues.
#pragma once

#include "listing/base/result.h"
#include "server/net/endpoint.h"
#include "server/net/xdp/interface.h"
#include "server/net/xdp/packet_socket.h"
#include "server/net/xdp/redirect_program.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace fairlist::net::xdp {

struct BypassOptions {
    std::string interface;
    unsigned queues = 0;  // 0: all
    AttachMode mode = AttachMode::Auto;
    bool zero_copy = true;
    bool busy_poll = false;
};

class KernelBypass {
  public:
    // All or nothing: on an error the interface is as it was. What comes in from now on waits in
    // the sockets. Waits up to a second for an interface that another still holds. Needs CAP_BPF,
    // CAP_NET_ADMIN and CAP_NET_RAW here, and never again. Errors: what is missing, and what would
    // be right.
    [[nodiscard]] static Result<std::unique_ptr<KernelBypass>> open(
        const BypassOptions& options, std::span<const Endpoint> endpoints);

    [[nodiscard]] std::span<const std::unique_ptr<PacketSocket>> sockets() const noexcept {
        return sockets_;
    }
    [[nodiscard]] std::size_t mtu() const noexcept { return interface_.mtu; }
    // "eth0: native mode, zero copy, 4 of 4 queues".
    [[nodiscard]] std::string description() const;
    // Frames that were for the sockets and found no room.
    [[nodiscard]] std::uint64_t lost() const noexcept;

    // From now on everything goes to the kernel's own sockets.
    void detach() noexcept { program_.detach(); }

  private:
    KernelBypass(Interface interface, RedirectProgram program)
        : interface_(std::move(interface)), program_(std::move(program)) {}

    [[nodiscard]] static Result<std::unique_ptr<KernelBypass>> open_once(
        const BypassOptions& options, std::span<const Endpoint> endpoints);
    [[nodiscard]] Result<void> open_sockets(const BypassOptions& options);

    Interface interface_;
    std::vector<std::unique_ptr<PacketSocket>> sockets_;
    // Below the sockets: it goes first, so that nothing is redirected to one that is closed.
    RedirectProgram program_;
    AttachMode mode_ = AttachMode::Auto;
};

}  // namespace fairlist::net::xdp
