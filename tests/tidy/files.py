"""The project's files, as the tidy scripts and tools/test see them."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# What is left out where there is no git to ask (a source archive).
UNTRACKED_FOLDERS = {".git", "build", ".cache", "__pycache__", ".pytest_cache"}


def committed_files():
    """Paths below the root, sorted: those in git, or all of them in an unpacked archive."""
    # A checkout that belongs to another user is fine to read: CI runs as root.
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT,
                            capture_output=True)
    if listed.returncode == 0 and (ROOT / ".git").exists():
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return sorted(name for name in names if (ROOT / name).is_file())
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in UNTRACKED_FOLDERS]
        found += [str((pathlib.Path(folder) / name).relative_to(ROOT)) for name in names]
    return sorted(found)


def text_of(name):
    """The file's text, or None where it is not text."""
    data = (ROOT / name).read_bytes()
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
