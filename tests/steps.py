"""Steps of tools/test: runs them in order, tells which cases failed and why, and counts them."""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

from tidy.files import committed_files

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "test-logs"

# A step that takes longer hangs: the slowest needs about a quarter of this on two cores.
STEP_LIMIT_S = 2400
LOG_LINES_SHOWN = 60
FAILURES_LINES_SHOWN = 200
FAILURE_LINES_SHOWN = 12


def sources():
    return [name for name in committed_files() if name.endswith((".cc", ".h"))]


def ctest(preset, *selection):
    return ["ctest", "--preset", preset, "--output-junit", str(LOGS / preset / "ctest.junit"),
            *selection]


def pytest(step, folder):
    return [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider", "--durations=5",
            f"--junitxml={LOGS / step / 'pytest.xml'}", folder]


def steps():
    """Name: (what it shows, its commands)."""
    python = sys.executable
    return {
        "format": ("clang-format-19 has nothing to change",
                   [["clang-format-19", "--dry-run", "-Werror", *sources()]]),
        "tidy": ("includes, paths and scripts keep the house rules",
                 [[python, "tests/tidy/layers.py"], [python, "tests/tidy/names_paths.py"],
                  pytest("tidy", "tests/tidy")]),
        "dev": ("GCC debug build, every warning an error; unit, twin and fuzz corpus tests",
                [["tools/build", "dev"], ctest("dev")]),
        "unit": ("GCC debug build, unit tests only (--quick)",
                 [["tools/build", "dev"], ctest("dev", "-L", "unit")]),
        "clang": ("Clang debug build of everything, every warning an error",
                  [["tools/build", "clang"]]),
        "asan": ("Clang with AddressSanitizer and UBSan, every warning an error; unit and twin tests",
                 [["tools/build", "asan"], ctest("asan", "-L", "unit|twin")]),
        "release": ("the programs that ship, and their manual pages",
                    [["tools/build", "release"], [python, "tests/tidy/man_pages.py"]]),
        "integration": ("the release against real clients, a resolver and a mail server",
                        [["tools/build", "release"],
                         pytest("integration", "tests/integration")]),
    }


# asan is a Clang build already: "clang" would only compile the same once more.
DEFAULT = ["format", "tidy", "dev", "asan", "release", "integration"]
QUICK = ["unit"]


def suite_counts(report):
    """(passed, failed) of a GoogleTest or pytest report; skipped cases count as neither."""
    root = ElementTree.parse(report).getroot()
    suites = [root] if root.get("tests") else root.findall("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0)) + int(suite.get("disabled", 0))
    return total - failed - skipped, failed


def count(reports):
    """(passed, failed) over a step's reports.

    A ctest test that is a GoogleTest binary counts by its cases, any other as one; a binary that
    died before it wrote its report counts as one failure.
    """
    passed = failed = 0
    detailed = {path.stem: path for path in reports.glob("*.xml")}
    for path in detailed.values():
        more_passed, more_failed = suite_counts(path)
        passed += more_passed
        failed += more_failed
    for path in reports.glob("*.junit"):
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            good = case.get("status") == "run"
            if case.get("name") not in detailed:
                passed += good
                failed += not good
            elif not good and suite_counts(detailed[case.get("name")])[1] == 0:
                failed += 1
    return passed, failed


def failures(reports):
    """What each failed case of a step's reports says, in lines."""
    shown = []
    for path in sorted(reports.glob("*.xml")):
        for case in ElementTree.parse(path).getroot().iter("testcase"):
            for failure in [*case.iter("failure"), *case.iter("error")]:
                said = (failure.text or failure.get("message") or "").splitlines()
                shown += [f"{case.get('classname')}.{case.get('name')}:",
                          *(f"    {line}" for line in said[-FAILURE_LINES_SHOWN:])]
    return shown


def run_step(name, commands):
    """Runs one step; returns (good, passed, failed)."""
    reports = LOGS / (name if name != "unit" else "dev")
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    log_path = LOGS / f"{name}.log"
    started = time.monotonic()
    print(f"{name:<12}", end="", flush=True)
    good = True
    with open(log_path, "w") as log:
        for command in commands:
            left = STEP_LIMIT_S - (time.monotonic() - started)
            good = run_command(command, log, reports, left)
            if not good:
                break
    passed, failed = count(reports)
    if not good and failed == 0:
        failed = 1
    good = good and failed == 0
    cases = f", {passed} passed, {failed} failed" if passed or failed else ""
    print(f"{'ok' if good else 'FAILED':<7} {time.monotonic() - started:6.1f} s{cases}", flush=True)
    if not good:
        lines = log_path.read_text(errors="replace").splitlines()
        shown = failures(reports) or lines[-LOG_LINES_SHOWN:]
        print("\n".join(shown[:FAILURES_LINES_SHOWN]))
        print(f"the whole log: {log_path.relative_to(ROOT)}")
    return good, passed, failed


def run_command(command, log, reports, seconds):
    environment = {**os.environ, "GTEST_OUTPUT": f"xml:{reports}/"}
    log.write("$ " + " ".join(command[:8]) + (" ...\n" if len(command) > 8 else "\n"))
    log.flush()
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                               env=environment, start_new_session=True)
    try:
        return process.wait(timeout=max(seconds, 1)) == 0
    except subprocess.TimeoutExpired:
        log.write(f"stopped: the step took longer than {STEP_LIMIT_S} s\n")
        return False
    finally:
        if process.poll() is None:
            end_session(process)


def end_session(process):
    """Ends a command and what it has started; ninja, given a moment, ends its compilers itself."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main():
    known = steps()
    listing = "\n".join(f"  {name:<12}{what}" for name, (what, _) in known.items())
    parser = argparse.ArgumentParser(
        prog="tools/test", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Runs the checks of the project; without arguments all steps but unit and clang.",
        epilog="steps:\n" + listing)
    parser.add_argument("steps", nargs="*", metavar="STEP", help="only these, in this order")
    parser.add_argument("--quick", action="store_true", help="only the unit tests of the dev build")
    arguments = parser.parse_args()
    # So that what a step has started ends with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    chosen = arguments.steps or (QUICK if arguments.quick else DEFAULT)
    for name in chosen:
        if name not in known:
            parser.error(f'unknown step "{name}"; steps are: {", ".join(known)}')

    passed = failed = 0
    all_good = True
    for name in chosen:
        good, more_passed, more_failed = run_step(name, known[name][1])
        passed += more_passed
        failed += more_failed
        all_good = all_good and good
    print(f"{passed} passed, {failed} failed")
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
