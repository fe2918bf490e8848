// Served: what the XDP program takes for the server, as the program and the daemon both see it.
#pragma once

#include <linux/types.h>

// Read by a C compiler for BPF too: plain structures, everything in network byte order.
enum { SERVED_MAX = 64 };

struct served_v4 {
    __u32 address;  // 0: any
    __u16 port;
    __u16 unused;
};

struct served_v6 {
    __u32 address[4];  // 0: any
    __u16 port;
    __u16 unused;
};

struct served {
    __u8 mac[6];  // of the interface: frames to others are not ours
    __u16 frame_bytes_max;
    __u16 v4_count;
    __u16 v6_count;
    struct served_v4 v4[SERVED_MAX];
    struct served_v6 v6[SERVED_MAX];
};
