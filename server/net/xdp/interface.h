// Interface: what the kernel says of a network interface.
#pragma once

#include "listing/base/result.h"
#include "server/net/xdp/frame_reader.h"

#include <array>
#include <cstdint>
#include <string>

namespace fairlist::net::xdp {

struct Interface {
    std::string name;
    int index = 0;
    std::size_t mtu = 0;  // bytes of IP in a frame
    unsigned queues = 1;  // that it receives on
    std::array<std::uint8_t, kMacBytes> mac{};
};

// Errors: NotFound when there is none of that name, Refused when it is down or not Ethernet, Io.
[[nodiscard]] Result<Interface> read_interface(const std::string& name);

}  // namespace fairlist::net::xdp
