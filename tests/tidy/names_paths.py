"""Fails on committed files that name a path of one machine, on open ends without an issue, on
scripts that do not parse or run, and on folders that the build and the tree disagree about.

Says, without failing, which files are past their budget of lines.
"""

import ast
import os
import re
import subprocess
import sys

from files import ROOT, committed_files, text_of

# In pieces, so that this file does not name them.
MACHINE_PATHS = re.compile("|".join(["/wo" "rk/", "/ro" "ot/", "/fa" "rm/", "/tmp/bash_" "jobs",
                                     "/ho" r"me/[a-z]"]))
OPEN_END = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b(?!\(#\d+\))")
FOLDER_LINE = re.compile(r"^fairlist_folder\(([a-z0-9_/]+)", re.MULTILINE)

# Folders whose C++ sources must be in the build.
SOURCE_ROOTS = ("importer/", "listing/", "server/", "tools/", "zones/")
# Published documents of others: what they say is theirs.
FOREIGN = ("zones/examples/data/", "tests/fuzz/corpus/")

LINES_MAX = {".cc": 400, ".h": 200}


def text_faults(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE_PATHS.search(line):
            yield f"{name}:{number}: names a path of one machine"
        if OPEN_END.search(line):
            yield f"{name}:{number}: open end without an issue number, as in (#12)"


def script_faults(name, text):
    """Executable bit, first line and syntax belong together."""
    executable = os.access(ROOT / name, os.X_OK)
    first = text.split("\n", 1)[0]
    if first.startswith("#!") != executable:
        yield (f"{name}:1: executable, but without a #! line" if executable
               else f"{name}:1: has a #! line, but is not executable")
    if name.endswith(".py") or first.startswith("#!") and "python" in first:
        try:
            ast.parse(text, name)
        except SyntaxError as error:
            yield f"{name}:{error.lineno}: {error.msg}"
    elif first.startswith("#!") and re.search(r"\b(ba)?sh\b", first):
        shell = "bash" if "bash" in first else "sh"
        checked = subprocess.run([shell, "-n", str(ROOT / name)], capture_output=True, text=True)
        if checked.returncode != 0:
            yield f"{name}: {checked.stderr.strip()}"


def folder_faults(names):
    """Every folder of the build has files, and every folder with sources is in the build."""
    built = set(FOLDER_LINE.findall((ROOT / "CMakeLists.txt").read_text()))
    filled = {name.rpartition("/")[0] for name in names
              if name.startswith(SOURCE_ROOTS) and name.endswith((".cc", ".h"))}
    for folder in sorted(built - filled):
        yield f"CMakeLists.txt: fairlist_folder({folder}): no source file there"
    for folder in sorted(filled - built):
        yield f"{folder}: has sources, but no fairlist_folder() in CMakeLists.txt"


def over_budget(name, text):
    limit = LINES_MAX.get(os.path.splitext(name)[1])
    lines = text.count("\n")
    if limit and lines > limit and not name.startswith("tests/"):
        yield f"{name}: {lines} lines, the budget is {limit}"


def main():
    names = committed_files()
    faults = list(folder_faults(names))
    remarks = []
    for name in names:
        text = None if name.startswith(FOREIGN) else text_of(name)
        if text is None:
            continue
        faults += text_faults(name, text)
        faults += script_faults(name, text)
        remarks += over_budget(name, text)
    for remark in remarks:
        print(f"remark: {remark}")
    for fault in faults:
        print(fault)
    print(f"names_paths: {len(names)} files, {len(faults)} faults, {len(remarks)} remarks")
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main())
