// Redirect: the XDP program that gives datagrams for the server to its sockets, and the kernel the
// rest. Whatever is odd passes: the kernel then does with it what it always did.
//
// Without CAP_PERFMON the verifier takes neither differences of pointers nor sums of a pointer and
// a variable: hence lengths are numbers here, and `end` only stands in comparisons with constants.
#include "server/net/xdp/served.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

// The daemon fills it in before the program is loaded: constants to the verifier.
const volatile struct served served = {};

// Its size becomes the number of queues.
struct {
    __uint(type, BPF_MAP_TYPE_XSKMAP);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
} sockets SEC(".maps");

static __always_inline int is_to_interface(const struct ethhdr* ethernet) {
    return ethernet->h_dest[0] == served.mac[0] && ethernet->h_dest[1] == served.mac[1] &&
           ethernet->h_dest[2] == served.mac[2] && ethernet->h_dest[3] == served.mac[3] &&
           ethernet->h_dest[4] == served.mac[4] && ethernet->h_dest[5] == served.mac[5];
}

static __always_inline int is_served_v4(__u32 address, __u16 port) {
    for (int i = 0; i < SERVED_MAX && i < served.v4_count; ++i) {
        if (port == served.v4[i].port &&
            (served.v4[i].address == 0 || served.v4[i].address == address)) {
            return 1;
        }
    }
    return 0;
}

static __always_inline int is_served_v6(const __u32* address, __u16 port) {
    for (int i = 0; i < SERVED_MAX && i < served.v6_count; ++i) {
        const volatile __u32* wanted = served.v6[i].address;
        const __u32 any = wanted[0] | wanted[1] | wanted[2] | wanted[3];
        if (port == served.v6[i].port &&
            (any == 0 || (wanted[0] == address[0] && wanted[1] == address[1] &&
                          wanted[2] == address[2] && wanted[3] == address[3]))) {
            return 1;
        }
    }
    return 0;
}

// `payload_bytes` is what the IP header announces.
static __always_inline int is_whole(const struct udphdr* udp, __u32 payload_bytes) {
    const __u32 length = bpf_ntohs(udp->len);
    return length >= sizeof(*udp) && length <= payload_bytes;
}

// `bytes` is the length of the packet, from its IP header to the end of the frame.
static __always_inline int is_ours_v4(const struct iphdr* ip, const void* end, __u32 bytes) {
    const struct udphdr* udp = (const void*)(ip + 1);
    if ((const void*)(udp + 1) > end) {
        return 0;
    }
    const __u32 total = bpf_ntohs(ip->tot_len);
    // RFC 791: no options, neither "more fragments" nor an offset.
    if (ip->version != 4 || ip->ihl != 5 || ip->protocol != IPPROTO_UDP ||
        (ip->frag_off & bpf_htons(0x3FFF)) != 0 || total < sizeof(*ip) || total > bytes) {
        return 0;
    }
    // Multicast and what lies above (RFC 5771): nothing can be answered from there.
    if ((ip->daddr & bpf_htonl(0xE0000000)) == bpf_htonl(0xE0000000)) {
        return 0;
    }
    return is_whole(udp, total - sizeof(*ip)) && is_served_v4(ip->daddr, udp->dest);
}

static __always_inline int is_ours_v6(const struct ipv6hdr* ip, const void* end, __u32 bytes) {
    const struct udphdr* udp = (const void*)(ip + 1);
    if ((const void*)(udp + 1) > end) {
        return 0;
    }
    const __u32 payload = bpf_ntohs(ip->payload_len);
    // An extension header, fragments among them, stands where UDP is expected.
    if (ip->version != 6 || ip->nexthdr != IPPROTO_UDP || payload + sizeof(*ip) > bytes) {
        return 0;
    }
    if (ip->daddr.s6_addr[0] == 0xFF) {  // multicast: RFC 4291 section 2.7
        return 0;
    }
    return is_whole(udp, payload) && is_served_v6(ip->daddr.s6_addr32, udp->dest);
}

static __always_inline int is_ours(const struct ethhdr* ethernet, const void* end, __u32 bytes) {
    if (bytes > served.frame_bytes_max || !is_to_interface(ethernet)) {
        return 0;
    }
    const __u32 packet_bytes = bytes - sizeof(*ethernet);
    // Any other type, the tags of VLANs among them, is not ours.
    if (ethernet->h_proto == bpf_htons(ETH_P_IP)) {
        const struct iphdr* ip = (const void*)(ethernet + 1);
        return (const void*)(ip + 1) <= end && is_ours_v4(ip, end, packet_bytes);
    }
    if (ethernet->h_proto == bpf_htons(ETH_P_IPV6)) {
        const struct ipv6hdr* ip = (const void*)(ethernet + 1);
        return (const void*)(ip + 1) <= end && is_ours_v6(ip, end, packet_bytes);
    }
    return 0;
}

SEC("xdp")
int redirect(struct xdp_md* context) {
    const struct ethhdr* ethernet = (const void*)(long)context->data;
    const void* end = (const void*)(long)context->data_end;
    if ((const void*)(ethernet + 1) > end ||
        !is_ours(ethernet, end, (__u32)bpf_xdp_get_buff_len(context))) {
        return XDP_PASS;
    }
    // A queue without a socket passes too.
    return (int)bpf_redirect_map(&sockets, context->rx_queue_index, XDP_PASS);
}
