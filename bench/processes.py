"""Processes under measurement: start on one core, count their CPU and memory, end them."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SERVER_CORE, LOAD_CORE = 0, 1
"""The server has a core to itself; upstream and load generator share the other."""

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_END_SECONDS = 5.0


def has_cores() -> bool:
    """Whether this process may use both cores."""
    return {SERVER_CORE, LOAD_CORE} <= os.sched_getaffinity(0)


def start(
    command: Sequence[str], *, core: int, log: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program on one core; what it writes goes to `log`."""
    with log.open("wb") as output:
        return subprocess.Popen(
            ["taskset", "-c", str(core), *command],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the program and its children to end, and make them when they do not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for one in tree(process.pid):
            _signal(one, number)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = tasks.read_text().split()
        except OSError:
            continue
        for child in children:
            found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """CPU that a process and its descendants have used, in user and kernel mode."""
    return sum(_ticks(one) for one in tree(pid)) / _TICKS_PER_SECOND


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its descendants, in MB."""
    return sum(_resident_kb(one) for one in tree(pid)) / 1024


def machine_cpu_seconds() -> float:
    """CPU that everything on the machine has used."""
    ticks = [int(value) for value in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle, waiting = ticks[3], ticks[4]
    return (sum(ticks) - idle - waiting) / _TICKS_PER_SECOND


def wait_until_idle(pid: int, *, limit_seconds: float) -> None:
    """Wait until a process has done nothing for half a second. Raises TimeoutError."""
    until = time.monotonic() + limit_seconds
    before = cpu_seconds(pid)
    while time.monotonic() < until:
        time.sleep(0.5)
        after = cpu_seconds(pid)
        if after - before <= 0.02:
            return
        before = after
    raise TimeoutError(f"process {pid} is not idle after {limit_seconds:g} s")


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _resident_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
