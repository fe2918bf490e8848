"""tools/demo --check: what the README shows first works, and its answers agree with the data."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(*arguments):
    return subprocess.run([ROOT / "tools/demo", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300)


def test_check(tmp_path):
    done = run("--check", "--folder", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every answer agrees with the source data" in done.stdout
    assert "WRONG" not in done.stderr


def test_folder_in_use_is_left_alone(tmp_path):
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "fairlist.toml").write_text("not ours")
    done = run("--check", "--folder", str(folder))
    assert done.returncode == 1
    assert "holds a fairlist.toml already" in done.stderr
    assert (folder / "fairlist.toml").read_text() == "not ours"


def test_unknown_argument():
    done = run("--chekc")
    assert done.returncode == 2
    assert '"--chekc"' in done.stderr
