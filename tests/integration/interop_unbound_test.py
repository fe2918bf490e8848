"""unbound with strict name minimisation in front of fairlistd: every listed name must be found."""

import dns.message
import dns.query
import dns.rcode
import pytest

import interop_site as site
from interop_site import running_site  # noqa: F401 (a fixture)

ZONES = ["zen.bl.example", "dbl.bl.example", "hbl.bl.example"]

LISTED = {
    "single_ipv4": ("7.100.51.198.zen.bl.example", {"127.0.0.2"}),
    "ipv4_in_range": ("77.113.0.203.zen.bl.example", {"127.0.0.2"}),
    "ipv4_on_two_lists": ("9.113.0.203.zen.bl.example", {"127.0.0.2", "127.0.0.4"}),
    "ipv6_in_range": (site.nibbles("2001:db8:bad:1::25") + ".zen.bl.example", {"127.0.0.2"}),
    "ipv6_v4_mapped": (site.nibbles("::ffff:198.51.100.7") + ".zen.bl.example", {"127.0.0.2"}),
    "domain_exact": ("bad.example.dbl.bl.example", {"127.0.1.2"}),
    "domain_itself_and_below": ("worse.example.dbl.bl.example", {"127.0.1.2"}),
    "domain_deep_below": ("a.b.c.worse.example.dbl.bl.example", {"127.0.1.2"}),
    "domain_wildcard": ("x.below.example.dbl.bl.example", {"127.0.1.2"}),
    "hash": (f"{site.DIGEST}._email.hbl.bl.example", {"127.0.3.2"}),
    # RFC 5782 section 5: the test points of address and domain lists.
    "test_point_ipv4": ("2.0.0.127.zen.bl.example", {"127.0.0.2", "127.0.0.4"}),
    "test_point_ipv6": (site.nibbles("::ffff:7f00:2") + ".zen.bl.example",
                        {"127.0.0.2", "127.0.0.4"}),
    "test_point_domain": ("test.dbl.bl.example", {"127.0.1.2"}),
}

UNLISTED = {
    "neighbour_ipv4": "8.100.51.198.zen.bl.example",
    "exempt": "25.113.0.203.zen.bl.example",
    "ipv6_outside": site.nibbles("2001:db8:bae::1") + ".zen.bl.example",
    "other_half_of_ipv4": "1.2.3.4.zen.bl.example",
    "below_an_exact_domain": "www.bad.example.dbl.bl.example",
    "domain": "good.example.dbl.bl.example",
    "hash": f"{site.DIGEST[::-1]}._email.hbl.bl.example",
    "never_ipv4": "1.0.0.127.zen.bl.example",
    "never_ipv6": site.nibbles("::ffff:7f00:1") + ".zen.bl.example",
    "never_domain": "invalid.dbl.bl.example",
}


# Nothing is listed at these names, but something below them is (RFC 8020 section 2: they exist).
ABOVE_LISTED = {
    "ipv4_partial": "100.51.198.zen.bl.example",
    "above_a_wildcard": "below.example.dbl.bl.example",
    "class_of_digests": "_email.hbl.bl.example",
}


@pytest.fixture(scope="module", params=["listed_first", "unlisted_first"])
def resolve(request, running_site, tmp_path_factory):
    """A fresh resolver that was asked for one half before the tests ask for all: what it has cached
    of one name must not hide another."""
    path = site.program("unbound")
    folder = tmp_path_factory.mktemp("unbound")
    port = site.free_port()
    config = folder / "unbound.conf"
    config.write_text(site.unbound_config(folder, port, [(zone, running_site.port)
                                                         for zone in ZONES]))

    def ask(name, kind="A"):
        return dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", timeout=5, port=port)

    log = folder / "unbound.log"
    with site.started([path, "-d", "-c", str(config)], log) as process:
        site.wait_for_tcp(port, process, log)
        first = [name for name, _ in LISTED.values()]
        for name in first if request.param == "listed_first" else [*UNLISTED.values(), *ABOVE_LISTED.values()]:
            ask(name)
        yield ask


@pytest.mark.parametrize("name, codes", LISTED.values(), ids=LISTED)
def test_listed(resolve, name, codes):
    reply = resolve(name)
    assert reply.rcode() == dns.rcode.NOERROR, reply
    assert {item.address for answer in reply.answer for item in answer} == codes
    assert resolve(name, "TXT").answer, "listed, but without a reason"


@pytest.mark.parametrize("name", UNLISTED.values(), ids=UNLISTED)
def test_unlisted(resolve, name):
    reply = resolve(name)
    assert reply.rcode() == dns.rcode.NXDOMAIN, reply
    assert not reply.answer


@pytest.mark.parametrize("name", ABOVE_LISTED.values(), ids=ABOVE_LISTED)
def test_above_listed(resolve, name):
    reply = resolve(name)
    assert reply.rcode() == dns.rcode.NOERROR, reply
    assert not reply.answer
