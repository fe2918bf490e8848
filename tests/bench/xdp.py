"""tools/bench xdp: servers over a pair of virtual interfaces between two network namespaces.

Needs root (namespaces) and ethtool. The client asks through sockets, and with kxdpgun through
AF_XDP where that is installed. What a veth pair cannot tell: zero copy, drivers, several queues.
fairlistd's own AF_XDP path is a row beside its sockets; --xdp gives it other keys, with {interface}
for the server's interface. Each server is asked on port 53 of its own
namespace, so nothing of the machine's network is touched.
"""

import contextlib
import os
import re
import subprocess
import time

import dataset
import load
import peers
import programs
import servers
import table

SERVER, CLIENT = "198.18.0.1", "198.18.0.2"
INTERFACES = ("bench-s", "bench-c")
GUN_RATES = (100_000, 300_000)
GUN_SECONDS = 2
GUN_TRIES = 5
COLUMNS = [
    ("CPU us/query", "cpu_us", 2), ("x echo", "to_echo", 2), ("x AF_XDP echo", "to_xdp_echo", 2),
    ("queries/s", "qps", 0), ("x rbldnsd's", "qps_to_rbldnsd", 2),
    *[(f"kxdpgun {rate // 1000} k/s: answered", f"gun_{rate}", 0) for rate in GUN_RATES],
    *[(f"CPU us/query at {rate // 1000} k/s", f"gun_cpu_{rate}", 2) for rate in GUN_RATES],
]


def add_options(parser):
    parser.add_argument("--xdp", metavar="TOML", help="sections that make fairlistd use AF_XDP",
                        default='[server.xdp]\ninterface = "{interface}"')


def inside(namespace):
    return ["ip", "netns", "exec", namespace]


@contextlib.contextmanager
def namespaces():
    """(of the server, of the client), joined by a veth pair; gone afterwards."""
    names = [f"fairlist-bench-{os.getpid()}-{end}" for end in ("s", "c")]
    try:
        for name in names:
            programs.run(["ip", "netns", "add", name])
        programs.run(["ip", "link", "add", INTERFACES[0], "netns", names[0], "type", "veth",
                      "peer", "name", INTERFACES[1], "netns", names[1]])
        for name, interface, address in zip(names, INTERFACES, (SERVER, CLIENT)):
            programs.run(["ip", "-n", name, "address", "add", f"{address}/24", "dev", interface])
            for link in ("lo", interface):
                programs.run(["ip", "-n", name, "link", "set", link, "up"])
            # AF_XDP sees packets before checksums that the sender left to its "hardware".
            programs.run([*inside(name), programs.require("ethtool", "ethtool"), "-K", interface,
                          "tx", "off"])
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


class XdpEcho(servers.Server):
    """What AF_XDP itself costs."""

    name = "echo-xdp"
    answers = False

    def command(self):
        return [programs.bench("xdp_echo"), INTERFACES[0], self.address, self.port]


class FairlistXdp(servers.Fairlist):
    """fairlistd with what --xdp adds."""

    name = "fairlist-xdp"
    sections = ""

    def configure(self, server="", more=""):
        super().configure(server, "\n" + self.sections.replace("{interface}", INTERFACES[0]) + "\n")


def in_namespace(kind, spaces):
    """The same server, on the virtual interface."""

    class Moved(kind):
        def prepare(self):
            self.address = SERVER
            self.prefix = inside(spaces[0])
            super().prepare()
            self.port = 53
            if isinstance(self, servers.Fairlist):
                self.configure()

        def is_answering(self):
            words = [*inside(spaces[1]), programs.bench("load"), "--address", SERVER, "--port", 53,
                     "--queries", self.data.queries("names"), "--count", 1, "--timeout", .1]
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
            return '"answered": 1' in done.stdout

    return Moved


def gun(space, core, rate, queries):
    """Answers that kxdpgun got."""
    words = [*inside(space), *programs.pinned(core, [
        programs.require("kxdpgun", "knot-dnsutils"), "-t", GUN_SECONDS, "-Q", rate, "-b", 32,
        "-F", 1, "-i", queries, "-p", 53, SERVER])]
    for _ in range(GUN_TRIES):
        done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60)
        found = re.search(r"total replies:\s+(\d+)", done.stdout + done.stderr)
        if found or "busy" not in done.stdout + done.stderr:
            break
        time.sleep(1)  # the kernel takes a socket down some time after its program has ended
    if not found:
        raise RuntimeError(f"kxdpgun: {done.stdout}{done.stderr}")
    return int(found.group(1))


def measure(server, spaces, core, options, gun_queries):
    before = sum(server.cpu())
    result = load.run(53, server.data.queries(), core, address=SERVER, prefix=inside(spaces[1]),
                      seconds=options.seconds)
    row = {"cpu_us": (sum(server.cpu()) - before) * 1e6 / max(result["answered"], 1),
           "qps": result["qps"]}
    for rate in GUN_RATES if programs.installed("kxdpgun") else ():
        before = sum(server.cpu())
        answered = gun(spaces[1], core, rate, gun_queries)
        row[f"gun_{rate}"] = answered / GUN_SECONDS
        row[f"gun_cpu_{rate}"] = (sum(server.cpu()) - before) * 1e6 / max(answered, 1)
    return row


def run(options):
    programs.build(*peers.TARGETS, "xdp_echo")
    server_core, load_core = programs.cores()
    data = dataset.Dataset(options.entries)
    kinds = [servers.Echo, XdpEcho, servers.Fairlist]
    if options.xdp:
        FairlistXdp.sections = options.xdp
        kinds.append(FairlistXdp)
    if programs.installed("rbldnsd"):
        kinds.append(servers.Rbldnsd)
    rows = {kind.name: {} for kind in kinds}
    with servers.scratch_folder(options) as folder, namespaces() as spaces:
        gun_queries = folder / "queries"  # kxdpgun reads them all before it starts
        with open(data.queries()) as lines:
            gun_queries.write_text("".join(line for line, _ in zip(lines, range(200_000))))
        made = [in_namespace(kind, spaces)(data, server_core, folder) for kind in kinds]
        for _ in range(options.repeat):
            for server in made:  # all on one address and port, so one at a time
                try:
                    server.start()
                    for key, value in measure(server, spaces, load_core, options,
                                              gun_queries).items():
                        rows[server.name].setdefault(key, []).append(value)
                finally:
                    server.stop()
    times = table.Table(f"{options.entries:,} entries over veth, {options.repeat} rounds", COLUMNS)
    for name, row in rows.items():
        row["to_echo"] = table.ratios(row["cpu_us"], rows["echo"]["cpu_us"])
        row["to_xdp_echo"] = table.ratios(row["cpu_us"], rows[XdpEcho.name]["cpu_us"])
        if servers.Rbldnsd.name in rows:
            row["qps_to_rbldnsd"] = table.ratios(row["qps"], rows[servers.Rbldnsd.name]["qps"])
        times.add(name, row)
    return [times], {}
