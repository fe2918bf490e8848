// RedirectProgram: the XDP program in the kernel, and its hold on an interface.
#pragma once

#include "listing/base/result.h"
#include "server/net/endpoint.h"
#include "server/net/xdp/interface.h"

#include <cstdint>
#include <memory>
#include <span>

struct bpf_object;

namespace fairlist::net::xdp {

// Where the program runs: in the driver, or behind it, which every interface can do, at more cost.
enum class AttachMode : std::uint8_t { Auto, Native, Generic };

// The interface is held by a link of the kernel's that belongs to this process: however it ends,
// the program is gone with it.
class RedirectProgram {
  public:
    // Into the kernel, for datagrams to these endpoints in frames of at most `frame_bytes_max`.
    // Errors: OutOfRange for more endpoints than it can look for, Refused with what is missing, Io.
    [[nodiscard]] static Result<RedirectProgram> load(const Interface& interface,
                                                      std::span<const Endpoint> endpoints,
                                                      std::size_t frame_bytes_max);

    RedirectProgram(RedirectProgram&& other) noexcept;
    RedirectProgram& operator=(RedirectProgram&& other) noexcept;
    RedirectProgram(const RedirectProgram&) = delete;
    RedirectProgram& operator=(const RedirectProgram&) = delete;
    ~RedirectProgram();

    // From now on it runs; everything passes that is for a queue without a socket. Returns the mode
    // that it runs in, never Auto.
    [[nodiscard]] Result<AttachMode> attach(AttachMode mode);
    [[nodiscard]] Result<void> add_socket(std::uint32_t queue, int descriptor);
    // From now on everything goes to the kernel.
    void detach() noexcept;

  private:
    struct Closer {
        void operator()(bpf_object* object) const noexcept;
    };

    RedirectProgram(Interface interface, std::unique_ptr<bpf_object, Closer> object)
        : interface_(std::move(interface)), object_(std::move(object)) {}

    Interface interface_;
    std::unique_ptr<bpf_object, Closer> object_;
    int link_ = -1;
};

}  // namespace fairlist::net::xdp
