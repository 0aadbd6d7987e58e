"""The gateway of the suite: its process, its log, its memory, the longest turns of its loop, and its faults."""

import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from tests.support.commands import ENVIRONMENT, first_line
from tests.support.worker_fleet import until, workers_of

DISK_FULL, DISK_SLOW, NO_NAMES = "disk-full", "disk-slow", "no-names"
LONG_TURNS = "long_turns"

NAMES_OF_DEFECTS = frozenset({"unexpected_error", "more_unexpected_errors", "loop_error"})


class Switch(AbstractContextManager[None]):
    """A fault inside of the gateway's process, on while the context is open."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        self._file.touch()

    def __exit__(self, *_: object) -> None:
        self._file.unlink()


class GatewayProcess:
    """Runs `gateway serve` on a port that stays the same over restarts, with one process or several workers."""

    def __init__(self, folder: Path, port: int, settings: Mapping[str, str], *, workers: int = 1) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log: Counter[str] = Counter()
        self.defects: list[str] = []
        self.is_up = asyncio.Event()
        self._folder = folder
        self._workers = workers
        self._environment = {
            **ENVIRONMENT,
            "CHAOS_FOLDER": str(folder),
            "GATEWAY_PORT": str(port),
            "GATEWAY_LOG_LEVEL": "warning",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it; returns once it answers."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.gateway_main",
            "--workers",
            str(self._workers),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        assert self._process.stderr is not None
        self._reading = asyncio.ensure_future(self._read(self._process.stderr))
        assert "Listening on" in await first_line(self._process), self.defects
        self.is_up.set()

    async def restart(self) -> None:
        """End it and start it again; or have its workers replaced, one after the other. Returns once it answers."""
        if self._workers == 1:
            if (code := await self.end()) != 0:
                self.defects.append(f"the gateway ended with {code}")
            await self.start()
            return
        assert self._process is not None
        process, before = self._process, set(workers_of(self._process))
        process.send_signal(signal.SIGHUP)

        async def are_replaced() -> bool:
            workers = set(workers_of(process))
            return len(workers) == self._workers and not workers & before

        await until(are_replaced)

    async def end(self) -> int:
        """End it as a supervisor does; its exit code."""
        assert self._process is not None
        assert self._reading is not None
        self.is_up.clear()
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        code = await self._process.wait()
        await self._reading
        return code

    def kill(self) -> None:
        """Leave no process behind."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def memory_mb(self) -> float:
        """What one of its processes holds in memory now, on average."""
        assert self._process is not None
        processes = workers_of(self._process) or [self._process.pid]
        statuses = [Path(f"/proc/{one}/status").read_text() for one in processes]
        return sum(int(one.partition("VmRSS:")[2].split()[0]) for one in statuses) / len(statuses) / 1024

    def longest_turn_ms(self, since: float, until: float) -> float:
        """CPU time of the longest turn of its loop between two times."""
        file = self._folder / LONG_TURNS
        lines = file.read_text().splitlines() if file.exists() else []
        turns = [line.split() for line in lines]
        return max((float(took) * 1000 for at, took in turns if since <= float(at) <= until), default=0.0)

    def switch(self, fault: str) -> Switch:
        """A fault of its disk, or of the names that it looks up."""
        return Switch(self._folder / fault)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self._take(line.decode(errors="replace").rstrip())

    def _take(self, line: str) -> None:
        try:
            event = json.loads(line)
            name, level = event["event"], event["level"]
        except (ValueError, KeyError, TypeError):
            # Whatever is not an event was written by nobody who expected it.
            self.defects.append(line)
            return
        self.log[f"{level} {name}"] += 1
        if name in NAMES_OF_DEFECTS or "traceback" in event:
            self.defects.append(line)
