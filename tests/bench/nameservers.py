"""General name servers, which load zone files.

A zone file cannot say what a list says: a wildcard does not reach below a name that exists (RFC
4592), and a range is as many names as it has addresses. So they get the single addresses and the
domain names alone, have fewer hits for it, and their answers are not compared.
"""

import programs
import servers

SOA = "@ 3600 SOA ns1.example. hostmaster.example. 1 3600 900 604800 300\n@ 3600 NS ns1.example.\n"
RECORDS = '{0} 300 A 127.0.0.2\n{0} 300 TXT "listed"\n'


def owners_of_addresses(lines):
    for line in lines:
        if line[0].isdigit():
            yield ".".join(reversed(line.split()[0].split(".")))


def owners_of_names(lines):
    """A leading dot lists what is below as well."""
    for line in lines:
        name = line.split()[0] if line.strip() else ""
        if not name or name[0] in "$#:":
            continue
        yield name.lstrip(".")
        if name.startswith("."):
            yield "*" + name


ZONES = {"bl.bench.test": ("single", owners_of_addresses), "dom.bench.test": ("names", owners_of_names)}


class NameServer(servers.Server):
    answers = False

    def prepare(self):
        self.program = programs.require(*self.needs)
        for zone, (listings, owners) in ZONES.items():
            with open(self.data.listings(listings)) as lines, \
                    open(self.folder / zone, "w") as file:
                file.write(f"$ORIGIN {zone}.\n{SOA}")
                file.writelines(RECORDS.format(owner) for owner in owners(lines))
        self.port = servers.free_port()
        (self.folder / "conf").write_text(self.configuration())


class Knot(NameServer):
    name = "knot"
    needs = ("knotd", "knot")

    def configuration(self):
        zones = "".join(f"  - domain: {zone}\n    file: {self.folder / zone}\n" for zone in ZONES)
        return (f"server:\n    rundir: {self.folder}\n    listen: {self.address}@{self.port}\n"
                f"    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"
                f"log:\n  - target: stderr\n    any: error\n"
                f"database:\n    storage: {self.folder}\n"
                f"template:\n  - id: default\n    storage: {self.folder}\n"
                f"    journal-content: none\n    zonefile-sync: -1\nzone:\n{zones}")

    def command(self):
        return [self.program, "-c", self.folder / "conf"]


class Nsd(NameServer):
    name = "nsd"
    needs = ("nsd", "nsd")

    def configuration(self):
        zones = "".join(f"zone:\n  name: {zone}\n  zonefile: {self.folder / zone}\n"
                        for zone in ZONES)
        return (f'server:\n  ip-address: {self.address}@{self.port}\n  server-count: 1\n'
                f'  username: ""\n  zonesdir: "{self.folder}"\n  database: ""\n'
                f'  pidfile: "{self.folder}/pid"\n  zonelistfile: "{self.folder}/zones"\n'
                f'  xfrdfile: "{self.folder}/xfrd"\n  xfrdir: "{self.folder}"\n'
                f'  rrl-ratelimit: 0\n  minimal-responses: yes\n'
                f"remote-control:\n  control-enable: no\n{zones}")

    def command(self):
        return [self.program, "-d", "-c", self.folder / "conf"]
