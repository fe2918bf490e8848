"""The README's five minutes and its spam traps, executed as written: each ```sh block of a section in
one shell, and each ```text block is what the block above it prints."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

import harness
import interop_site as site

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECTIONS = ["## Five minutes to a list of your own", "## Spam traps: a list that feeds itself",
            "## Good faith: providers, policies, standing, removal"]
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PORT = "5353"  # as in small.toml and the README; the test takes a free one
MARK = "--- end of block ---"

# Before each block: what was started in the block above listens by now, or has ended.
WAIT = """
for i in $(seq 100); do
    [ -z "$(jobs -pr)" ] && break
    (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null && break
    sleep 0.1
done
"""


def blocks(title):
    """(commands, expected output or None) of the section, in order."""
    readme = (ROOT / "README.md").read_text()
    section = readme.split(title + "\n", 1)[1].split("\n## ", 1)[0]
    found = []
    for kind, text in BLOCK.findall(section):
        if kind == "sh":
            found.append([text, None])
        else:
            found[-1][1] = text
    return found


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each block of each section printed."""
    return {title: run_section(title, tmp_path_factory) for title in SECTIONS}


def run_section(title, tmp_path_factory):
    """Run as a reader would: programs in PATH, an empty folder."""
    folder = tmp_path_factory.mktemp("readme")
    port = str(site.free_port())
    for name in ("small.toml", "data"):
        source = ROOT / "zones" / "examples" / name
        if source.is_dir():
            shutil.copytree(source, folder / "zones" / "examples" / name)
        else:
            (folder / "zones" / "examples").mkdir(parents=True, exist_ok=True)
            (folder / "zones" / "examples" / name).write_text(
                source.read_text().replace(PORT, port))
    script = "set -e\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
    for commands, _ in blocks(title):
        script += commands.replace(PORT, port) + WAIT.format(port=port) + f"echo '{MARK}'\n"
    environment = {**os.environ, "PATH": f"{harness.BINARIES}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return [text.replace(port, PORT) for text in done.stdout.split(MARK + "\n")[:-1]]


@pytest.mark.parametrize("title, least", zip(SECTIONS, (5, 3, 3)))
def test_there_is_something_to_run(title, least):
    assert len(blocks(title)) >= least
    assert sum(expected is not None for _, expected in blocks(title)) >= least - 1


@pytest.mark.parametrize("title, number", [(title, number) for title in SECTIONS
                                           for number in range(len(blocks(title)))])
def test_block(outputs, title, number):
    expected = blocks(title)[number][1]
    if expected is None:
        expected = ""
    # "…" stands for what differs from run to run, such as a time.
    pattern = "[^\n]*".join(re.escape(part) for part in expected.split("…"))
    assert re.fullmatch(pattern, outputs[title][number]), outputs[title][number]


def test_installation(tmp_path):
    """What the README says that `cmake --install` puts into a prefix is there, and belongs there."""
    prefix = tmp_path / "prefix"
    subprocess.run(["cmake", "--install", harness.BINARIES.parent, "--prefix", prefix], check=True,
                   capture_output=True, timeout=60)
    for name in ("bin/fairlist", "bin/fairlistd", "share/man/man1/fairlist.1",
                 "share/man/man5/fairlist.toml.5", "share/man/man8/fairlistd.8",
                 "share/bash-completion/completions/fairlist",
                 "share/doc/fairlist/examples/fairlist.toml"):
        assert (prefix / name).is_file(), name
    units = prefix / "lib/systemd/system"
    for name, program in (("fairlistd", "fairlistd"), ("fairlist-intake", "fairlistd"),
                          ("fairlist-sweep", "fairlist"),
                          ("fairlist-audit", "fairlist")):
        unit = (units / f"{name}.service").read_text()
        assert f"ExecStart={prefix}/bin/{program} " in unit and "/usr/bin" not in unit
        assert name in ("fairlistd", "fairlist-intake") or (units / f"{name}.timer").is_file()
    done = subprocess.run([prefix / "bin/fairlist", "--version"], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0 and done.stdout.startswith("fairlist ")
