"""Fails on every include that layers.txt does not allow, with file and line.

The folder list is the architecture (docs/architecture.md): this keeps it.
"""

import re
import sys

from files import ROOT, committed_files, text_of

TABLE = "tests/tidy/layers.txt"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
# A header of the C++ standard library has neither a folder nor an ending.
STANDARD = re.compile(r"^[a-z0-9_]+$")


class Layers:
    """layers.txt, read."""

    def __init__(self, lines):
        self.folders = {}
        self.libraries = []
        self.system = []
        self.system_folders = []
        self.faults = []
        for number, line in enumerate(lines, 1):
            line = line.split("#", 1)[0].strip()
            if line:
                self.read_line(number, line)
        self.check_folders()

    def read_line(self, number, line):
        key, colon, rest = line.partition(":")
        values = rest.split()
        if not colon:
            self.faults.append(f'{TABLE}:{number}: no colon in "{line}"')
        elif key == "system":
            self.system += values
        elif key == "in":
            self.system_folders += values
        elif key.startswith("<") and key.endswith(">"):
            self.libraries.append((key[1:-1], values))
        elif key in self.folders:
            self.faults.append(f'{TABLE}:{number}: folder "{key}" has two lines')
        else:
            self.folders[key] = values

    def check_folders(self):
        for folder, allowed in self.folders.items():
            for other in allowed:
                if other != "*" and other not in self.folders:
                    self.faults.append(f'{TABLE}: "{folder}" may include "{other}", '
                                       "which has no line")
        for folder in self.folders:
            if self.reaches(folder, folder):
                self.faults.append(f'{TABLE}: "{folder}" may include itself through others')

    def reaches(self, start, goal):
        """Whether includes may lead from `start` back to `goal`; the outer folders ("*") end it."""
        seen = set()
        pending = [other for other in self.folders[start] if other != "*"]
        while pending:
            folder = pending.pop()
            if folder == goal:
                return True
            if folder not in seen:
                seen.add(folder)
                pending += [other for other in self.folders.get(folder, []) if other != "*"]
        return False

    def folder_of(self, name):
        """The longest folder with a line that holds the file; None when there is none."""
        folder = name.rpartition("/")[0]
        while folder and folder not in self.folders:
            folder = folder.rpartition("/")[0]
        return folder or None

    def fault(self, name, quote, header):
        """Why the file may not include the header; None when it may."""
        if quote == '"':
            return self.project_fault(name, header)
        for pattern, folders in self.libraries:
            if matches(header, pattern):
                if is_in(name, folders):
                    return None
                return f"<{header}> may be named in {', '.join(folders)} only"
        if any(matches(header, pattern) for pattern in self.system):
            if is_in(name, self.system_folders):
                return None
            return f"<{header}>: system headers belong in {', '.join(self.system_folders)}"
        if STANDARD.match(header):
            return None
        return f"<{header}> has no line in {TABLE}"

    def project_fault(self, name, header):
        if not (ROOT / header).is_file():
            return f'"{header}" is no file; includes are written from the root of the repository'
        home = self.folder_of(name)
        target = self.folder_of(header)
        if target is None:
            return f'the folder of "{header}" has no line in {TABLE}'
        allowed = self.folders[home]
        if target == home or "*" in allowed or target in allowed:
            return None
        return f'{home} may not include {target} ("{header}")'


def matches(header, pattern):
    if pattern.endswith("*"):
        return header.startswith(pattern[:-1])
    return header == pattern


def is_in(name, folders):
    return "*" in folders or any(name.startswith(folder + "/") for folder in folders)


def main():
    layers = Layers((ROOT / TABLE).read_text().splitlines())
    faults = layers.faults
    checked = 0
    for name in committed_files():
        if not name.endswith((".cc", ".h")):
            continue
        if layers.folder_of(name) is None:
            faults.append(f"{name}:1: its folder has no line in {TABLE}")
            continue
        checked += 1
        for number, line in enumerate((text_of(name) or "").splitlines(), 1):
            include = INCLUDE.match(line)
            why = layers.fault(name, *include.groups()) if include else None
            if why:
                faults.append(f"{name}:{number}: {why}")
    for fault in faults:
        print(fault)
    print(f"layers: {checked} files, {len(faults)} faults")
    return 1 if faults or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
