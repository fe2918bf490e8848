// The rights that the start needs and nothing later does.
#pragma once

namespace fairlist::app {

// Gives up CAP_BPF, CAP_NET_ADMIN and CAP_NET_RAW for good, whoever runs the daemon. Of the calling
// thread and those that it starts: call it before there is another. A failure is logged.
void drop_network_privileges();

}  // namespace fairlist::app
