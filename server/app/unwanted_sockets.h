// The sockets of a former daemon that this one has no use for.
#pragma once

#include "server/net/counters.h"
#include "server/net/handed_socket.h"
#include "server/net/query_handler.h"
#include "server/net/settings.h"

#include <vector>

namespace fairlist::app {

// Answers what has come in by them, and closes them. To be called when the workers run: those of
// the same port get what comes in from now on.
void answer_and_close(std::vector<net::HandedSocket> sockets, const net::SettingsBox& box,
                      net::QueryHandler& handler, net::Counters& counters);

}  // namespace fairlist::app
