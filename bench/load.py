"""The load: wrk on its core, sending for a while and waiting for the last answer."""

import math
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.processes import LOAD_CORE

_SCRIPT = Path(__file__).parent / "load.lua"


class Sent(msgspec.Struct, frozen=True):
    """What wrk saw; times in microseconds."""

    sent: int
    answered: int
    bytes: int
    failed: int
    broken: int
    p50_us: float
    p99_us: float
    max_us: float


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent to a server, and by how many connections."""

    url: str
    body: Path
    tokens: Path
    connections: int
    accepts: str = ""

    def send(self, seconds: float, *, rest_seconds: int = 1) -> Sent:
        """Send for `seconds`, and leave the server `rest_seconds` to answer what is in flight then."""
        environment = {
            **os.environ,
            "BENCH_BODY": str(self.body),
            "BENCH_TOKENS": str(self.tokens),
            "BENCH_SECONDS": f"{seconds:g}",
            **({"BENCH_ACCEPT_ENCODING": self.accepts} if self.accepts else {}),
        }
        duration = math.ceil(seconds) + rest_seconds
        command = [
            "taskset", "-c", str(LOAD_CORE), "wrk", "-t1", f"-c{self.connections}", f"-d{duration}s",
            "--timeout", "60s", "-s", str(_SCRIPT), self.url,
        ]  # fmt: skip
        told = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        for line in told.stdout.splitlines():
            if line.startswith("RESULT "):
                return msgspec.json.decode(line.removeprefix("RESULT "), type=Sent)
        raise RuntimeError(f"wrk gave no result: {told.stdout}{told.stderr}")


def version() -> str:
    """wrk's version."""
    told = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    return (told.stdout + told.stderr).split()[1]


def rest_after(sent: Sent, rest_seconds: int) -> int:
    """For how many seconds to wait for the last answers next time, seen how slow the slowest one was."""
    if sent.answered < sent.sent:
        return rest_seconds * 2
    return max(1, math.ceil(sent.max_us * 2e-6 + 0.5))
