"""tools/demo --check: what the README shows first works, and its answers agree with the data."""

import pathlib
import shutil
import signal
import subprocess

import harness

ROOT = harness.ROOT


def run(*arguments, root=ROOT):
    return subprocess.run([root / "tools/demo", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300)


def test_check(tmp_path):
    done = run("--check", "--folder", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every answer agrees with the source data" in done.stdout
    assert "WRONG" not in done.stderr


def test_an_option_without_its_value_is_named():
    for option in ("--folder", "--seconds"):
        done = run(option)
        assert done.returncode == 2
        assert done.stderr.startswith(f"tools/demo: {option}: expected a value\n")


def tree_with(tmp_path, old, new):
    """The project as tools/demo sees it, built already, with one change in demo.toml."""
    shutil.copytree(ROOT / "zones/examples", tmp_path / "zones/examples")
    demo_toml = tmp_path / "zones/examples/demo.toml"
    text = demo_toml.read_text()
    assert text.count(old) == 1
    demo_toml.write_text(text.replace(old, new))
    (tmp_path / "build").symlink_to(ROOT / "build")
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/demo", tmp_path / "tools/demo")
    for name in ("setup", "build"):
        (tmp_path / "tools" / name).write_text("#!/bin/sh\n")
        (tmp_path / "tools" / name).chmod(0o755)
    return tmp_path


def test_check_notices_a_wrong_answer(tmp_path):
    done = run("--check", root=tree_with(tmp_path, 'code = "127.0.0.4"', 'code = "127.0.0.5"'))
    assert done.returncode == 1
    assert "WRONG: wanted 127.0.0.4" in done.stderr
    assert "1 answers differ" in done.stderr


def test_stopping_it_stops_the_server(tmp_path):
    folder = tmp_path / "demo"
    log = tmp_path / "log"
    with open(log, "w") as out:
        demo = subprocess.Popen([ROOT / "tools/demo", "--folder", str(folder), "--seconds", "60"],
                                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                start_new_session=True)
    try:
        harness.wait_until(lambda: "stays up" in log.read_text() or demo.poll() is not None,
                           "the demonstration to stay up")
        daemons = children(demo.pid, "fairlistd")
        assert len(daemons) == 1, log.read_text()
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(harness.PATIENCE_S) == 143
        assert not pathlib.Path(f"/proc/{daemons[0]}").exists()
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait()


def children(parent, name):
    """The ids of the processes of this name that the process has started itself."""
    listed = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [pid for pid in listed
            if pathlib.Path(f"/proc/{pid}/comm").read_text().strip() == name]


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
