// Inheritance: the sockets that a start finds open, from the daemon before it or from systemd.
#pragma once

#include "server/app/handed_sockets.h"
#include "server/app/handover_list.h"

#include <sys/types.h>
#include <vector>

namespace fairlist::app {

// Takes FAIRLIST_SOCKETS and LISTEN_FDS out of the environment. What cannot be used is logged, and
// its address is opened anew. `owner` is whom FAIRLIST_SOCKETS must be for: exec keeps the process,
// so that is the daemon itself, or its parent in a rehearsal.
//
// Thread: before any other is started.
[[nodiscard]] HandedSockets inherit_sockets(pid_t owner);

// The same for what `list` names: each must be what its name says.
[[nodiscard]] HandedSockets take_named(const std::vector<NamedDescriptor>& list);

}  // namespace fairlist::app
