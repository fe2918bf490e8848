"""What people live through with blocklists, and what becomes of it here: weeks of mail, policies,
standing and removal through the real daemon, in the words of those it concerns."""

import pytest

import dkim_signer
import good_faith_site
import harness

# Documentation space (RFC 5737): each story has its own site, so each may use all of it.
CLOUD = "198.51.100.0/24"


@pytest.fixture
def site(tmp_path):
    with good_faith_site.served(tmp_path) as found:
        yield found


def test_an_honest_sender_in_a_shared_cloud_range_stays_free(site):
    """Neighbours send spam, each from the part that is his; the honest sender's part is not touched,
    and nobody has listed "the whole network"."""
    site.add_provider("cloud", CLOUD)
    site.publish("cloud", [
        {"prefix": CLOUD, "use": "shared", "direct_mail": "allowed"},
        {"prefix": "198.51.100.0/28", "use": "assigned", "customer": "spammer-1"},
        {"prefix": "198.51.100.16/28", "use": "assigned", "customer": "honest"},
        {"prefix": "198.51.100.32/28", "use": "assigned", "customer": "spammer-2"}])
    for last in (1, 2, 3, 4, 33, 34, 35, 36):
        site.spam(f"198.51.100.{last}")
    assert site.listed("198.51.100.1") and site.listed("198.51.100.36")
    assert not site.listed("198.51.100.20")
    # Both parts are listed whole by now, and the listing ends where the part does.
    assert site.listed("198.51.100.14") and site.listed("198.51.100.40")
    assert not any(site.listed(f"198.51.100.{last}") for last in range(16, 32))
    assert "not listed" in site.cli("lookup", "198.51.100.20")


def test_customer_b_spams_beside_customer_a(site):
    site.add_provider("hoster", "203.0.113.0/24")
    site.publish("hoster", [
        {"prefix": "203.0.113.0/29", "use": "assigned", "customer": "a"},
        {"prefix": "203.0.113.8/29", "use": "assigned", "customer": "b",
         "contact": "abuse@b.example"}])
    for last in (8, 9, 10, 11):
        site.spam(f"203.0.113.{last}")
    assert all(site.listed(f"203.0.113.{last}") for last in range(8, 16))
    assert not any(site.listed(f"203.0.113.{last}") for last in range(0, 8))
    # B hears on whose word his part is what it is, and whom to ask.
    told = site.cli("lookup", "203.0.113.8")
    assert "203.0.113.8/29" in told and "abuse@b.example" in told


def test_a_provider_that_closes_port_25_sees_its_standing_rise_and_its_listings_shrink(site):
    site.add_provider("cloud", CLOUD)
    for last in range(1, 13):
        site.spam(f"198.51.100.{last}")
    site.clock.forward(days=1)
    site.wait_for_tier("cloud", "poor")
    listed = [last for last in range(1, 13) if site.listed(f"198.51.100.{last}")]
    assert len(listed) == 12

    # Port 25 is closed, and the spam stops with it.
    site.publish("cloud", [{"prefix": CLOUD, "use": "assigned", "direct_mail": "never",
                            "port25": "closed", "smarthost": "smtp.cloud.example",
                            "policy": "Mail leaves through the smarthost only."}])
    for _ in range(5):
        site.clock.forward(days=7)
        site.publish("cloud", [{"prefix": CLOUD, "use": "assigned", "direct_mail": "never",
                                "port25": "closed", "smarthost": "smtp.cloud.example",
                                "policy": "Mail leaves through the smarthost only."}])
    site.wait_for_tier("cloud", "good")
    site.wait_until_free(*(f"198.51.100.{last}" for last in range(1, 13)))
    # One slips through: two mails, which listed at once before, do not any more.
    site.spam("198.51.100.77")
    assert not site.listed("198.51.100.77")
    # The tool says which inputs made it so.
    told = site.cli("provider", "standing", "cloud", "--explain")
    assert "good" in told and "policy coverage" in told


def test_a_provider_that_attests_and_lies(site):
    """Its word is worth less after it was broken."""
    site.add_provider("liar", CLOUD)
    addresses = ["198.51.100.1", "198.51.100.33"]
    for address in addresses:
        site.spam(address)
        assert site.listed(address)
    # Believed, once the checks ran and an hour was quiet.
    site.partly("attest", "liar", CLOUD, "--text", "customer removed")
    site.clock.forward(hours=3)
    site.wait_until_free(*addresses)
    # It was no fix.
    for address in addresses:
        site.spam(address)
        assert site.listed(address)
    site.clock.forward(hours=23)
    site.wait_for_tier("liar", "poor")
    told = site.cli("provider", "standing", "liar", "--explain")
    assert "honest word" in told
    # One mail lists now where two were needed, and the next attested fix waits a day.
    site.spam("198.51.100.222", mails=1)
    assert site.listed("198.51.100.222")
    site.partly("attest", "liar", "198.51.100.222", "--text", "customer removed")
    site.clock.forward(hours=3)
    site.spam("198.51.100.240", mails=1)
    assert site.listed("198.51.100.222")


def test_a_dial_up_pool_with_one_static_mail_server_in_it(site):
    site.add_provider("isp", "203.0.113.0/24")
    done = site.publish("isp", [{"prefix": "203.0.113.0/24", "use": "dynamic", "direct_mail": "never",
                                 "ptr": "generic", "smarthost": "relay.isp.example"}],
                        [{"prefix": "203.0.113.25", "reason": "mail.customer.example, reviewed",
                          "customer": "c-8812"}])
    assert done["applied"]
    assert site.policy_code("203.0.113.24") == ["127.0.0.10"]
    assert site.policy_code("203.0.113.26") == ["127.0.0.10"]
    assert site.policy_code("203.0.113.25") == []


def test_the_user_whose_provider_listed_him(site):
    """He reads what his provider says, asks it, and is free after one call."""
    site.add_provider("isp", "203.0.113.0/24")
    site.publish("isp", [{"prefix": "203.0.113.0/24", "use": "static", "direct_mail": "on-request",
                          "smarthost": "relay.isp.example", "contact": "mail@isp.example",
                          "policy": "Ask us, and we open port 25."}])
    told = site.cli("lookup", "203.0.113.80")
    for words in ("Ask us, and we open port 25.", "relay.isp.example", "mail@isp.example",
                  "127.0.0.10", "isp"):
        assert words in told, told
    site.cli("policy", "exempt", "isp", "203.0.113.80", "--reason", "mail server of a customer")
    assert site.policy_code("203.0.113.80") == []
    assert site.policy_code("203.0.113.81") == ["127.0.0.10"]
    # The provider's next version does not undo it.
    site.clock.forward(days=1)
    site.publish("isp", [{"prefix": "203.0.113.0/24", "use": "static", "direct_mail": "never"}])
    assert site.policy_code("203.0.113.80") == []


def test_a_range_that_is_sold_to_another_provider(site):
    site.add_provider("seller", CLOUD)
    site.add_provider("buyer", "203.0.113.0/24")
    site.publish("seller", [{"prefix": CLOUD, "use": "dynamic", "direct_mail": "never"}])
    assert site.policy_code("198.51.100.130") == ["127.0.0.10"]
    site.cli("provider", "space", "add", "buyer", "198.51.100.128/25", "--take")
    # What the seller said of it counts no more, also when it says it again.
    assert site.policy_code("198.51.100.130") == []
    assert site.policy_code("198.51.100.1") == ["127.0.0.10"]
    site.clock.forward(days=1)
    site.publish("seller", [{"prefix": CLOUD, "use": "dynamic", "direct_mail": "never"},
                            {"prefix": "198.51.100.128/26", "use": "dynamic",
                             "direct_mail": "never"}])
    assert site.policy_code("198.51.100.130") == []
    done = site.publish("buyer", [{"prefix": "198.51.100.192/26", "use": "static",
                                   "direct_mail": "never"}])
    assert done["refused"] == 0
    assert site.policy_code("198.51.100.200") == ["127.0.0.10"]
    assert "buyer" in site.cli("lookup", "198.51.100.200")


def test_a_smarthost_is_not_listed_for_one_customers_sins(tmp_path):
    signer = dkim_signer.Signer()
    with dkim_signer.resolver(tmp_path, signer) as port, \
            good_faith_site.served(tmp_path, resolver=port) as site:
        site.add_provider("hoster", CLOUD)
        site.publish("hoster", [{"prefix": "198.51.100.25", "use": "smarthost"}])
        assert site.zone_answers("198.51.100.25", "wl") == ["127.0.0.2"]
        site.spam("198.51.100.25", mails=4, signer=signer)
        harness.wait_until(lambda: site.answers("example.com"), "the customer's domain to be listed")
        assert not site.listed("198.51.100.25")
