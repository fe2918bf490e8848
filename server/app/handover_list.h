// HandoverList: the line of text in which a daemon tells the next one which descriptors it gets.
#pragma once

#include "listing/base/result.h"
#include "server/net/handed_socket.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace fairlist::app {

// The environment variable that holds it.
inline constexpr const char* kHandoverVariable = "FAIRLIST_SOCKETS";

struct NamedDescriptor {
    std::string name;  // net::handed_name()
    int descriptor = -1;

    friend bool operator==(const NamedDescriptor&, const NamedDescriptor&) = default;
};

[[nodiscard]] std::vector<NamedDescriptor> named_descriptors(
    const std::vector<net::HandedSocket>& sockets);

// "4711 udp-127.0.0.1_53=7,8 tcp-127.0.0.1_53=9": for process 4711 only.
[[nodiscard]] std::string format_handover(pid_t owner, const std::vector<NamedDescriptor>& sockets);

// Descriptors 0 to 2 belong to whoever has started the daemon.
inline constexpr int kFirstHandedDescriptor = 3;
inline constexpr std::size_t kHandedDescriptorsMax = 65536;

// Errors: Conflict when it is not meant for `owner`, as in a child that has inherited the
// environment; Malformed, with the part that is wrong; OutOfRange for more than the limit.
[[nodiscard]] Result<std::vector<NamedDescriptor>> parse_handover(std::string_view text,
                                                                  pid_t owner);

}  // namespace fairlist::app
