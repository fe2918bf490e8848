"""The HTTP API of the real daemon, over TCP, TLS and a Unix socket."""

import contextlib
import http.client
import json
import re
import socket
import ssl
import subprocess
import urllib.parse

import pytest

import harness
import trap_site

CANARY = "canary-trap-4711@trap.example"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=harness.PATIENCE_S)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Api:
    """Asks over one kind of connection, a new one each time."""

    def __init__(self, connect):
        self.connect = connect

    def ask(self, method, target, token=None, body=None, **fields):
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        if token:
            headers["Authorization"] = "Bearer " + token
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        with contextlib.closing(self.connect()) as connection:
            connection.request(method, target, data, headers)
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer

    def json(self, method, target, token=None, body=None, status=200, **fields):
        answer = self.ask(method, target, token, body, **fields)
        assert answer.status == status, answer.text
        return json.loads(answer.text) if answer.text else None


def quoted(subject):
    return urllib.parse.quote(subject, safe="")


@pytest.fixture
def site(tmp_path):
    with trap_site.served(tmp_path,
                          http_more='socket = "api.sock"\ntrusted_proxies = ["127.0.0.1"]') as running:
        yield running


def token_of(site, name, role="operator", *more):
    return json.loads(site.cli("--json", "token", "add", name, "--role", role, *more))["token"]


def over_tcp(site):
    return Api(lambda: http.client.HTTPConnection("127.0.0.1", site.http_port,
                                                  timeout=harness.PATIENCE_S))


def test_a_listing_lives_over_tcp_and_a_unix_socket(site):
    anna = token_of(site, "anna")
    tcp = over_tcp(site)
    local = Api(lambda: UnixConnection(site.config.parent / "api.sock"))
    made = local.json("POST", "/v1/listings", anna, status=201,
                      body={"list": "css", "subject": "198.51.100.9", "for": "1d", "reason": "seen"})
    found = tcp.json("GET", "/v1/lookup/198.51.100.9")
    assert found["listed"] and found["lists"][0]["entries"][0]["why"] == "seen"
    assert re.fullmatch(r".*T\d\d:00:00Z", found["lists"][0]["entries"][0]["since"])
    tcp.json("POST", f"/v1/listings/{made['number']}/remove", anna, body={"why": "a slip"})
    assert not tcp.json("GET", "/v1/lookup/198.51.100.9")["listed"]
    audit = tcp.json("GET", "/v1/audit?limit=1000", anna)
    who = [(r["actor"], r["action"], r["why"]) for r in audit["records"]]
    assert ("operator:anna", "listing.removed", "a slip") in who or any(
        actor == "operator:anna" and why == "a slip" for actor, _, why in who), who


def test_the_same_keyed_request_is_done_once_also_after_a_kill(site):
    anna = token_of(site, "anna")
    ask = {"token": anna, "body": {"name": "web", "role": "machine"}, "Idempotency_Key": "k1"}
    first = over_tcp(site).json("POST", "/v1/tokens", status=201, **ask)
    site.kill()
    site.start()
    again = over_tcp(site).ask("POST", "/v1/tokens", **ask)
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert json.loads(again.text) == first


def test_a_trap_shows_nowhere(site):
    site.cli("trap", "add", CANARY)
    anna = token_of(site, "anna")
    site.deliver("198.51.100.19", trap_site.message(1, To=CANARY, Subject=f"to {CANARY}"),
                 recipient=CANARY, helo="canary-trap-4711.trap.example")
    site.wait_until_listed("198.51.100.19")
    tcp = over_tcp(site)
    document = tcp.json("GET", "/v1/openapi.json")
    targets = ["/v1/lookup/198.51.100.19", "/v1/listings/1", "/v1/listings/1/evidence",
               "/v1/listings/1/history"]
    targets += [path for path, item in document["paths"].items() if "get" in item and "{" not in path]
    seen = 0
    for target in targets:
        for token in (None, anna):
            text = tcp.ask("GET", target, token).text
            seen += len(text)
            assert "canary" not in text.lower(), target
    assert seen > 10000


def test_answers_are_as_the_document_says(site):
    jsonschema = pytest.importorskip("jsonschema")
    anna = token_of(site, "anna")
    tcp = over_tcp(site)
    tcp.json("POST", "/v1/listings", anna, status=201,
             body={"list": "css", "subject": "198.51.100.9", "for": "1d", "reason": "seen"})
    document = tcp.json("GET", "/v1/openapi.json")
    checked = 0
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        target = path.replace("{subject}", "198.51.100.9").replace("{id}", "1")
        if "{" in target or "provider" in str(item["get"]["x-roles"]):
            continue
        answer = tcp.ask("GET", target, anna)
        kind = answer.headers["Content-Type"]
        if answer.status == 200 and kind == "application/json":
            schema = item["get"]["responses"]["200"]["content"][kind]["schema"]
        elif answer.status >= 400:
            schema = {"$ref": "#/components/schemas/Problem"}
        else:
            continue
        jsonschema.validate(json.loads(answer.text), {**schema, "components": document["components"]})
        checked += 1
    assert checked > 15


def test_a_proxy_is_believed_and_its_client_is_not(site):
    tcp = over_tcp(site)
    anna = token_of(site, "anna")
    tcp.json("POST", "/v1/tokens", anna, status=201, body={"name": "m1", "role": "machine"},
             X_Forwarded_For="203.0.113.5, 198.51.100.77")
    audit = tcp.json("GET", "/v1/audit?limit=1000", anna)
    added = [r for r in audit["records"] if r["action"] == "token.add"][-1]
    assert added["from"] == "http 198.51.100.77"


def test_metrics_are_what_prometheus_reads(site):
    machine = token_of(site, "graphs", "machine")
    text = over_tcp(site).ask("GET", "/v1/metrics", machine).text
    assert 'fairlist_zone_entries{list="css",kind="entry"}' in text
    assert "fairlist_queries_total" in text and "fairlist_http_requests_total" in text
    for line in text.splitlines():
        assert re.fullmatch(r"# (HELP|TYPE) fairlist_\w+ .+|fairlist_\w+(\{[^{}]*\})? [-+.\de]+", line)


def test_over_tls(tmp_path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=api.test", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
                   check=True, capture_output=True)
    with trap_site.served(tmp_path,
                          http_more='certificate = "cert.pem"\nkey = "key.pem"') as site:
        context = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
        context.check_hostname = False
        api = Api(lambda: http.client.HTTPSConnection("127.0.0.1", site.http_port, context=context,
                                                      timeout=harness.PATIENCE_S))
        assert api.json("GET", "/v1/health") == {"status": "ok"}
        answer = api.ask("GET", "/v1/status")
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
