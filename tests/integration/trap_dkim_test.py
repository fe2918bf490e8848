"""Who signs a mail is accused instead of the server that many share: keys by unbound from NSD."""

import pytest

import dkim_signer
import harness
import trap_site
from trap_site import message

SPACE = """
[[space]]
prefix = "198.51.100.0/25"
use = "shared"
provider_domains = ["hoster.example"]
"""
SIGNERS = """
[[rule]]
name = "signers"
list = "dbl"
target = "signer"
kinds = ["mail"]
lifetimes = ["1d"]
"""
# The registered domain is listed, as the Public Suffix List has it.
LISTED = "example.com"
SHARED, SHARED_TOO, OWN = "198.51.100.20", "198.51.100.21", "198.51.100.200"


@pytest.fixture(scope="module")
def signer():
    return dkim_signer.Signer()


@pytest.fixture(scope="module")
def site(tmp_path_factory, signer):
    folder = tmp_path_factory.mktemp("names")
    with dkim_signer.resolver(folder, signer) as port, \
            trap_site.served(tmp_path_factory.mktemp("site"), resolver=port,
                             rules=trap_site.RULES + SIGNERS, more=SPACE) as found:
        yield found


def hits(site):
    return site.doctor()["hits"]


def taken(site, address, mail):
    before = hits(site)
    site.deliver(address, mail)
    harness.wait_until(lambda: hits(site) == before + 1, "the hit")


def test_the_signer_is_listed_and_not_the_shared_address(site, signer):
    taken(site, SHARED, signer.sign(message(1)))
    assert site.answers(LISTED) == ["127.0.1.2"]
    assert site.answers(LISTED, "TXT") == ['"example.com signs mail to traps"']
    assert site.answers(SHARED) == []


def test_without_a_signature_the_address_is_listed(site):
    taken(site, SHARED_TOO, message(2))
    assert site.answers(SHARED_TOO) == ["127.0.0.3"]


def test_one_customer_answers_for_his_address(site, signer):
    taken(site, OWN, signer.sign(message(3)))
    assert site.answers(OWN) == ["127.0.0.3"]


@pytest.mark.parametrize("name, address, spoil", [
    pytest.param("changed-body", "198.51.100.31", lambda mail: mail.replace(b"Buy now", b"Buy nOw"),
                 id="body"),
    pytest.param("changed-header", "198.51.100.32", lambda mail: mail.replace(b"offer", b"Offer"),
                 id="header"),
    pytest.param("no-key", "198.51.100.33", lambda mail: mail.replace(b"s=sel", b"s=les"),
                 id="key"),
])
def test_a_broken_signature_excuses_nobody(site, signer, name, address, spoil):
    good = signer.sign(message(name))
    bad = spoil(good)
    assert bad != good
    taken(site, address, bad)
    assert site.answers(address) == ["127.0.0.3"]
