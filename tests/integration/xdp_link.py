"""Two network namespaces with an Ethernet link between them, for what needs an interface of its own."""

import contextlib
import ctypes
import os
import re
import socket
import struct
import subprocess

SERVER = "198.18.0.1"  # RFC 2544: for tests between devices
SERVER_TOO = "198.18.0.3"
CLIENT = "198.18.0.2"
SERVER_V6 = "fd00:18::1"
CLIENT_V6 = "fd00:18::2"
SERVER_PORT = "flsrv0"  # the interfaces
CLIENT_PORT = "flcli0"

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def enter(namespace):
    """This thread, from now on; for preexec_fn too."""
    with open(f"/run/netns/{namespace}", "rb") as handle:
        if LIBC.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


@contextlib.contextmanager
def inside(namespace):
    """Sockets opened in here belong to the namespace for good."""
    with open("/proc/thread-self/ns/net", "rb") as home:
        enter(namespace)
        try:
            yield
        finally:
            if LIBC.setns(home.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")


class Link:
    def __init__(self, name):
        self.server = f"{name}s"
        self.client = f"{name}c"

    def up(self, queues):
        for namespace in (self.server, self.client):
            run("ip", "netns", "add", namespace)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        sizes = ["numrxqueues", str(queues), "numtxqueues", str(queues)]
        run("ip", "link", "add", SERVER_PORT, "netns", self.server, *sizes, "type", "veth",
            "peer", "name", CLIENT_PORT, "netns", self.client, *sizes)
        for namespace, port, addresses in (
                (self.server, SERVER_PORT, (SERVER, SERVER_TOO, SERVER_V6)),
                (self.client, CLIENT_PORT, (CLIENT, CLIENT_V6))):
            for address in addresses:
                is_v6 = ":" in address
                run("ip", "-n", namespace, "addr", "add", address + ("/64" if is_v6 else "/24"),
                    "dev", port, *(["nodad"] if is_v6 else []))
            run("ip", "-n", namespace, "link", "set", port, "up")
            # Nobody finishes the checksums of frames that never leave for a wire.
            run("ip", "netns", "exec", namespace, "ethtool", "-K", port, "tx", "off")

    def down(self):
        for namespace in (self.server, self.client):
            if os.path.exists(f"/run/netns/{namespace}"):
                subprocess.run(["ip", "netns", "del", namespace], timeout=60, check=False)

    def mac(self, namespace, port):
        return bytes.fromhex(re.search(r"link/ether (\S+)", run("ip", "-n", namespace, "link",
                                                               "show", port))[1].replace(":", ""))

    def has_program(self):
        return "prog/xdp" in run("ip", "-n", self.server, "link", "show", SERVER_PORT)

    def raw(self):
        """A socket that sends whole frames from the client's end."""
        with inside(self.client):
            raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            raw.bind((CLIENT_PORT, 0))
            return raw


@contextlib.contextmanager
def linked(name, queues=1):
    link = Link(name)
    try:
        link.up(queues)
        yield link
    finally:
        link.down()


def checksum(data):
    """RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp_v4(source_port, port, message, checksum_offset=0):
    length = 8 + len(message)
    head = struct.pack("!4H", source_port, port, length, 0)
    pseudo = socket.inet_aton(CLIENT) + socket.inet_aton(SERVER) + struct.pack("!2H", 17, length)
    value = (checksum(pseudo + head + message) + checksum_offset) % 0xFFFF or 0xFFFF
    return head[:6] + struct.pack("!H", value) + message


def udp_v6(source_port, port, message):
    length = 8 + len(message)
    head = struct.pack("!4H", source_port, port, length, 0)
    pseudo = socket.inet_pton(socket.AF_INET6, CLIENT_V6) + \
        socket.inet_pton(socket.AF_INET6, SERVER_V6) + struct.pack("!2L", length, 17)
    return head[:6] + struct.pack("!H", checksum(pseudo + head + message) or 0xFFFF) + message


def ipv4(payload, options=b"", fragment=0, ident=7, total=None, protocol=17):
    size = 20 + len(options)
    head = struct.pack("!2B3H2BH", 0x40 | size // 4, 0, total or size + len(payload), ident,
                       fragment, 64, protocol, 0)
    head += socket.inet_aton(CLIENT) + socket.inet_aton(SERVER) + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(payload, next_header=17):
    return struct.pack("!LH2B", 6 << 28, len(payload), next_header, 64) + \
        socket.inet_pton(socket.AF_INET6, CLIENT_V6) + \
        socket.inet_pton(socket.AF_INET6, SERVER_V6) + payload
