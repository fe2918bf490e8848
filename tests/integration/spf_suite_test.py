"""The openspf test suite of RFC 7208, through the DNS, as Debian's python3-spf brings it."""

import gzip
import pathlib

import pytest

import interop_site
import probe
import spf_peer
import zone_server

SUITE = pathlib.Path("/usr/share/doc/python3-spf/rfc7208-tests.yml.gz")


def records(items):
    """Of one name: records of type SPF stand for TXT unless there are such."""
    out, spare, has_txt = [], [], False
    for item in items:
        if item == "TIMEOUT":
            out.append((zone_server.BROKEN, ""))
            continue
        (kind, value), = item.items()
        if value == "TIMEOUT":
            out.append((zone_server.BROKEN, ""))
        elif kind in ("TXT", "SPF"):
            has_txt = has_txt or kind == "TXT"
            if value != "NONE":
                strings = [value] if isinstance(value, str) else value
                (out if kind == "TXT" else spare).append(("TXT", zone_server.txt(*strings)))
        else:
            out.append((kind, tuple(value) if kind == "MX" else value))
    return out if has_txt else out + spare


def scenarios():
    try:
        import yaml
        with gzip.open(SUITE) as file:
            return [scenario for scenario in yaml.safe_load_all(file) if scenario]
    except (ImportError, FileNotFoundError):
        return []


SCENARIOS = scenarios()
CASES = [pytest.param(scenario, case, id=f"{scenario['description']}-{name}".replace(" ", "_"))
         for scenario in SCENARIOS for name, case in scenario["tests"].items()]


def test_suite_is_there():
    if not CASES:
        interop_site.absent("python3-spf or python3-yaml is not installed; "
                            "tools/setup --with-tests installs them")
    assert len(CASES) > 190


@pytest.fixture(scope="module")
def server():
    with zone_server.serving(zone_server.Zone({})) as running:
        yield running


@pytest.fixture
def asked(server, scenario, case):
    """The case, with its zone served."""
    server.use(zone_server.Zone({name: records(items)
                                 for name, items in scenario["zonedata"].items()}))
    result = case["result"]
    return {**case, "result": result if isinstance(result, list) else [result]}


@pytest.mark.parametrize("scenario, case", CASES)
def test_peer(server, asked):
    """The zones are served as the suite means them: pyspf says what it wants."""
    found = spf_peer.check(server.port, asked["host"], asked["mailfrom"], asked["helo"])
    assert found in asked["result"]


@pytest.mark.parametrize("scenario, case", CASES)
def test_case(server, asked):
    found = probe.run(asked["host"], [server.port], helo=asked["helo"],
                      domain=asked["mailfrom"] or None)
    assert probe.spf(found) in asked["result"], found["checks"]["spf"]
