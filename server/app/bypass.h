// The kernel bypass that the configuration asks for.
#pragma once

#include "server/app/listeners.h"
#include "server/config/config.h"
#include "server/net/xdp/kernel_bypass.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace fairlist::app {

// Null when none is asked for, and when there can be none: one line of the log then says why, and
// the sockets serve everything. `readers_left` of the store's readers may be its workers.
[[nodiscard]] std::unique_ptr<net::xdp::KernelBypass> open_bypass(
    const config::Xdp& wanted, const std::vector<Listener>& listeners, std::size_t readers_left);

}  // namespace fairlist::app
