"""What the kernel says about a process and its children: processor time, memory."""

import collections
import os
import pathlib
import re
import time

TICKS = os.sysconf("SC_CLK_TCK")

Cpu = collections.namedtuple("Cpu", "user system")
Timing = collections.namedtuple("Timing", "wall cpu user")


def stat_fields(pid):
    """The fields of /proc/PID/stat after the name, or None for a process that is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def family(pid):
    """The process and all that descend from it."""
    children = collections.defaultdict(list)
    for entry in os.listdir("/proc"):
        fields = stat_fields(entry) if entry.isdigit() else None
        if fields:
            children[int(fields[1])].append(int(entry))
    found = [pid]
    for parent in found:
        found += children[parent]
    return found


def cpu(pid):
    """Seconds that the family has used so far; of children that are gone too."""
    user = system = 0
    for member in family(pid):
        fields = stat_fields(member)
        if fields:
            user += int(fields[11]) + int(fields[13])
            system += int(fields[12]) + int(fields[14])
    return Cpu(user / TICKS, system / TICKS)


def waited(pid):
    """Seconds that the family's threads could have run and had no processor: others' doing."""
    nanoseconds = 0
    for member in family(pid):
        for file in pathlib.Path(f"/proc/{member}/task").glob("*/schedstat"):
            try:
                nanoseconds += int(file.read_text().split()[1])
            except OSError:
                continue
    return nanoseconds / 1e9


def sizes(pid):
    """The bytes of /proc/PID/smaps_rollup by name, or None for a process that is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    return {name: int(size) * 1024 for name, size in
            re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}


def private(pid):
    """Bytes that are this process's alone, and that no file backs."""
    return sizes(pid)["Private_Dirty"]


def memory(pid):
    """(proportional, private) bytes: of pages shared with others a part, and none of them that a file backs."""
    found = [member for member in map(sizes, family(pid)) if member]
    return sum(member["Pss"] for member in found), sum(member["Private_Dirty"] for member in found)


def timed(command, core=None, nice=0):
    """Runs it to its end; its output is dropped."""
    started = time.monotonic()
    null = os.open(os.devnull, os.O_RDWR)
    pid = os.posix_spawnp("nice", ["nice", "-n", str(nice), *map(str, command)], os.environ,
                          file_actions=[(os.POSIX_SPAWN_DUP2, null, 0),
                                        (os.POSIX_SPAWN_DUP2, null, 1)])
    os.close(null)
    if core is not None:
        os.sched_setaffinity(pid, {core})
    status, usage = os.wait4(pid, 0)[1:]
    if status != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: failed")
    return Timing(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_utime)
