"""tools/bench at its smallest: that it runs and says what it should, not how fast anything is."""

import json
import subprocess

import harness
import pytest

PATIENCE_S = 1500  # it may have to build first


def bench(tmp_path, *arguments):
    """(what it prints, its tables by title)."""
    file = tmp_path / "bench.json"
    command = [str(harness.ROOT / "tools" / "bench"), *arguments, "--json", str(file)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(file.read_text())


def test_peers_answer_alike_and_every_figure_is_there(tmp_path):
    text, data = bench(tmp_path, "peers", "--entries", "10000", "--repeat", "1", "--seconds", "0.2",
                       "--peers", "rbldnsd,rbldnsd-trie,knot,nsd")
    not_compared = {"echo", "knot", "nsd"}
    servers = {"fairlist", "rbldnsd", "rbldnsd-trie"} | not_compared
    times, costs = data["tables"]
    assert set(times["rows"]) == set(costs["rows"]) == servers
    checked = data["facts"]["checked"]
    assert set(checked) == servers - not_compared
    hits, others, errors, records = checked["fairlist"]
    assert hits + others == 50_000 and hits > 0 and errors == 0 and records >= hits
    assert all(counts == checked["fairlist"] for counts in checked.values())
    for row in times["rows"].values():
        assert len(row["qps"]) == 1 and row["qps"][0] > 0
    assert all(name in text for name in servers)


@pytest.mark.parametrize("arguments, said", [
    pytest.param(["--help"], "peers", id="help"),
    pytest.param(["change", "--help"], "--rate", id="help_of_a_part"),
])
def test_help(arguments, said):
    done = subprocess.run([str(harness.ROOT / "tools" / "bench"), *arguments], capture_output=True,
                          text=True)
    assert done.returncode == 0 and said in done.stdout


def test_unknown_peer_is_named(tmp_path):
    done = subprocess.run([str(harness.ROOT / "tools" / "bench"), "peers", "--peers", "bond"],
                          capture_output=True, text=True)
    assert done.returncode == 1 and '"bond"' in done.stderr
