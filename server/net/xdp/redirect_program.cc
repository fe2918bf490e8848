#include "server/net/xdp/redirect_program.h"

#include "server/net/socket.h"
#include "server/net/xdp/redirect_object.h"
#include "server/net/xdp/served.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <expected>
#include <linux/if_link.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace fairlist::net::xdp {

namespace {

constexpr const char* kMapOfSockets = "sockets";
constexpr const char* kMapOfConstants = ".rodata";
constexpr const char* kProgram = "redirect";

// The errors come back by value, and where they are logged is for the caller to say.
int say_nothing(libbpf_print_level /*level*/, const char* /*format*/, va_list /*arguments*/) {
    return 0;
}

std::string reason_of(int error) {
    if (error == EPERM || error == EACCES) {
        return system_message(error) + ": CAP_BPF and CAP_NET_ADMIN are needed";
    }
    return system_message(error);
}

void add_endpoint(const Endpoint& endpoint, served& out) {
    const std::uint16_t port = htons(endpoint.port);
    if (endpoint.address.is_v4()) {
        served_v4& entry = out.v4[out.v4_count++];
        entry.address = htonl(endpoint.address.v4());
        entry.port = port;
    } else {
        served_v6& entry = out.v6[out.v6_count++];
        const std::array<std::uint8_t, 16> bytes = endpoint.address.to_bytes();
        std::memcpy(entry.address, bytes.data(), bytes.size());
        entry.port = port;
    }
}

Result<served> make_served(const Interface& interface, std::span<const Endpoint> endpoints,
                           std::size_t frame_bytes_max) {
    if (endpoints.size() > SERVED_MAX) {
        return fail(Errc::OutOfRange, fmt::format("{} addresses in server.listen: the XDP program "
                                                  "looks for at most {}",
                                                  endpoints.size(), int{SERVED_MAX}));
    }
    served out{};
    std::memcpy(out.mac, interface.mac.data(), interface.mac.size());
    out.frame_bytes_max = static_cast<std::uint16_t>(frame_bytes_max);
    for (const Endpoint& endpoint : endpoints) {
        add_endpoint(endpoint, out);
    }
    return out;
}

int load_object(bpf_object* object, const served& content, unsigned queues) {
    bpf_map* constants = bpf_object__find_map_by_name(object, kMapOfConstants);
    bpf_map* sockets = bpf_object__find_map_by_name(object, kMapOfSockets);
    if (constants == nullptr || sockets == nullptr) {
        return -ENOENT;
    }
    if (const int error = bpf_map__set_initial_value(constants, &content, sizeof(content))) {
        return error;
    }
    if (const int error = bpf_map__set_max_entries(sockets, queues)) {
        return error;
    }
    return bpf_object__load(object);
}

// The kernel finds the mode's flag in the link's.
int create_link(int program, int interface, unsigned mode_flag) {
    bpf_link_create_opts options{};
    options.sz = sizeof(options);
    options.flags = mode_flag;
    return bpf_link_create(program, interface, BPF_XDP, &options);
}

}  // namespace

void RedirectProgram::Closer::operator()(bpf_object* object) const noexcept {
    bpf_object__close(object);
}

RedirectProgram::RedirectProgram(RedirectProgram&& other) noexcept
    : interface_(std::move(other.interface_)),
      object_(std::move(other.object_)),
      link_(std::exchange(other.link_, -1)) {}

RedirectProgram& RedirectProgram::operator=(RedirectProgram&& other) noexcept {
    if (this != &other) {
        detach();
        interface_ = std::move(other.interface_);
        object_ = std::move(other.object_);
        link_ = std::exchange(other.link_, -1);
    }
    return *this;
}

RedirectProgram::~RedirectProgram() {
    detach();
}

Result<RedirectProgram> RedirectProgram::load(const Interface& interface,
                                              std::span<const Endpoint> endpoints,
                                              std::size_t frame_bytes_max) {
    const Result<served> content = make_served(interface, endpoints, frame_bytes_max);
    if (!content) {
        return std::unexpected(content.error());
    }
    libbpf_set_print(say_nothing);
    std::unique_ptr<bpf_object, Closer> object(
        bpf_object__open_mem(kRedirectObject, kRedirectObjectBytes, nullptr));
    if (object == nullptr) {
        return fail(Errc::Io, "cannot read the XDP program: " + reason_of(errno));
    }
    if (const int error = load_object(object.get(), *content, interface.queues)) {
        return fail(error == -EPERM ? Errc::Refused : Errc::Io,
                    "cannot load the XDP program: " + reason_of(-error));
    }
    return RedirectProgram(interface, std::move(object));
}

Result<AttachMode> RedirectProgram::attach(AttachMode mode) {
    const bpf_program* program = bpf_object__find_program_by_name(object_.get(), kProgram);
    const int descriptor = program == nullptr ? -1 : bpf_program__fd(program);
    int error = ENOENT;
    if (descriptor >= 0 && mode != AttachMode::Generic) {
        link_ = create_link(descriptor, interface_.index, XDP_FLAGS_DRV_MODE);
        if (link_ >= 0) {
            return AttachMode::Native;
        }
        error = -link_;
    }
    // What holds the interface already would refuse the other mode too, or worse, not refuse it.
    const bool may_be_generic = mode == AttachMode::Generic ||
                                (mode == AttachMode::Auto && error != EBUSY && error != EEXIST);
    if (descriptor >= 0 && may_be_generic) {
        link_ = create_link(descriptor, interface_.index, XDP_FLAGS_SKB_MODE);
        if (link_ >= 0) {
            return AttachMode::Generic;
        }
        error = -link_;
    }
    if (error == EBUSY || error == EEXIST) {
        return fail(Errc::Conflict,
                    fmt::format("interface \"{0}\" has another XDP program: \"ip link show {0}\" "
                                "names it",
                                interface_.name));
    }
    const char* hint =
        mode == AttachMode::Native ? "; mode = \"generic\" asks nothing of the driver" : "";
    return fail(Errc::Io, fmt::format("interface \"{}\" does not take the XDP program: {}{}",
                                      interface_.name, reason_of(error), hint));
}

Result<void> RedirectProgram::add_socket(std::uint32_t queue, int descriptor) {
    const int map = bpf_object__find_map_fd_by_name(object_.get(), kMapOfSockets);
    if (map < 0 || bpf_map_update_elem(map, &queue, &descriptor, BPF_ANY) != 0) {
        return fail(Errc::Io, fmt::format("queue {} of interface \"{}\": cannot be redirected: {}",
                                          queue, interface_.name, reason_of(errno)));
    }
    return {};
}

void RedirectProgram::detach() noexcept {
    if (link_ >= 0) {
        ::close(std::exchange(link_, -1));
    }
}

}  // namespace fairlist::net::xdp
