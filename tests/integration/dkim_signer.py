"""A domain that signs its mails (RFC 6376): its key, and its zone, told by real name servers."""

import contextlib
import subprocess

import interop_site

try:
    import dkim
except ImportError:
    dkim = None

NSD = """
server:
    ip-address: 127.0.0.1@{port}
    do-ip6: no
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    xfrdfile: "{folder}/xfrd.state"
    zonelistfile: "{folder}/zone.list"
    pidfile: ""
remote-control:
    control-enable: no
zone:
    name: {domain}
    zonefile: {domain}.zone
"""
ZONE = """
$ORIGIN {domain}.
$TTL 60
@ IN SOA ns.{domain}. hostmaster.{domain}. 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
{selector}._domainkey IN TXT {record}
"""


def openssl(*arguments, text=b""):
    return subprocess.run([interop_site.program("openssl"), *arguments], input=text,
                          capture_output=True, check=True).stdout


class Signer:
    def __init__(self, domain="mail.example.com", selector="sel"):
        if dkim is None:
            interop_site.absent("python3-dkim is not installed; tools/setup --with-tests installs it")
        self.domain, self.selector = domain, selector
        self.key = openssl("genrsa", "2048")

    def sign(self, mail, selector=None):
        return dkim.sign(mail, (selector or self.selector).encode(), self.domain.encode(), self.key,
                         include_headers=[b"from", b"to", b"subject"]) + mail

    def zone(self):
        lines = openssl("rsa", "-pubout", text=self.key).decode().splitlines()
        record = "v=DKIM1; k=rsa; p=" + "".join(line for line in lines if "-----" not in line)
        # A string holds 255 bytes at most; those of a record are read as one.
        strings = [f'"{record[at:at + 200]}"' for at in range(0, len(record), 200)]
        return ZONE.format(domain=self.domain, selector=self.selector, record=" ".join(strings))


@contextlib.contextmanager
def resolver(folder, signer):
    """The port of unbound, which asks NSD for the signer's zone."""
    authority, port = interop_site.free_port(), interop_site.free_port()
    (folder / f"{signer.domain}.zone").write_text(signer.zone())
    nsd, unbound = folder / "nsd.conf", folder / "unbound.conf"
    nsd.write_text(NSD.format(port=authority, folder=folder, domain=signer.domain))
    unbound.write_text(interop_site.unbound_config(folder, port, [(signer.domain, authority)]))
    with interop_site.started([interop_site.program("nsd"), "-d", "-c", str(nsd)],
                              folder / "nsd.log") as first, \
            interop_site.started([interop_site.program("unbound"), "-d", "-c", str(unbound)],
                                 folder / "unbound.log") as second:
        interop_site.wait_for_tcp(authority, first, folder / "nsd.log")
        interop_site.wait_for_tcp(port, second, folder / "unbound.log")
        yield port
