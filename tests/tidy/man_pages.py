"""Fails where a manual page has a fault, or says anything else than the program's own help.

Needs mandoc, and the programs in FAIRLIST_BIN (default: build/release/bin).
"""

import os
import pathlib
import re
import subprocess
import sys

from files import ROOT

PAGES = ROOT / "tools" / "man"
PROGRAMS = pathlib.Path(os.environ.get("FAIRLIST_BIN", ROOT / "build" / "release" / "bin"))
# In mdoc "Fl -config" is --config; its dashes may be escaped.
MAN_OPTION = re.compile(r"\bFl -([a-z][a-z0-9-]+)")
ITEM = re.compile(r"^\.It Cm (.*)$", re.MULTILINE)


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def lint(page):
    done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", str(page)], capture_output=True,
                          text=True, timeout=60)
    return done.stdout.splitlines() + ([] if done.returncode == 0 else [f"{page}: mandoc failed"])


def verbs_in(help_text):
    """The names below "Subcommands:" of one verb's help."""
    part = help_text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+(?:-[a-z]+)*) ", part, re.MULTILINE)


def options_in(help_text):
    """The long options that a help declares: each begins a line, after its short form if any."""
    return set(re.findall(r"^  (?:-[a-z],)?(--[a-z][a-z0-9-]+)", help_text, re.MULTILINE))


def walk(program, words=()):
    """(verbs, options) of the program: {("feed", "run"), ...}, {"--due", ...}."""
    text = output_of(program, *words, "--help")
    verbs, options = set(), options_in(text)
    for name in verbs_in(text):
        below, more = walk(program, (*words, name))
        options |= more
        verbs |= below or {(*words, name)}
    return verbs, options


def documented_verbs(text):
    """Those of .It Cm lines before the JSON shapes: "feed run Op Ar name" is ("feed", "run")."""
    found = set()
    for rest in ITEM.findall(text.partition(".Sh JSON OUTPUT")[0]):
        words = []
        for word in rest.split():
            if not re.fullmatch(r"[a-z]+(?:-[a-z]+)*", word):
                break
            words.append(word)
        found.add(tuple(words))
    return found


def differences(page, what, in_page, in_help):
    return ([f"{page}: {what} {item} is in the help of the program, and not here"
             for item in sorted(in_help - in_page)] +
            [f"{page}: {what} {item} is here, and not in the help of the program"
             for item in sorted(in_page - in_help)])


def faults_of(page, program):
    text = (PAGES / page).read_text()
    verbs, options = walk(program)
    in_page = {f"--{name}" for name in MAN_OPTION.findall(text)}
    faults = differences(page, "option", in_page, options)
    # The digests' kinds are arguments, written as verbs for the reader.
    documented = {words[:1] if words[0] == "hash" else words for words in documented_verbs(text)}
    return faults + differences(page, "verb", {" ".join(words) for words in documented},
                                {" ".join(words) for words in verbs})


def main():
    pages = sorted(PAGES.glob("*.[1-9]"))
    faults = [fault for page in pages for fault in lint(page)]
    for page, name in (("fairlist.1", "fairlist"), ("fairlistd.8", "fairlistd")):
        faults += faults_of(page, str(PROGRAMS / name))
    for fault in faults:
        print(fault)
    print(f"man_pages: {len(pages)} pages, {len(faults)} faults")
    return 1 if faults or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
