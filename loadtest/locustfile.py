"""The players as locust runs them; started by `python -m loadtest`, which sets the environment read here."""

import os
import random
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import gevent
from locust import FastHttpUser, events, task
from locust.runners import LocalRunner, MasterRunner

from loadtest.answers import Data, Unexpected, data_of
from loadtest.player import OPERATIONS, Check, Player
from loadtest.settings import PAUSE, PLAYERS, PROCESSES, SUMMARY, TOKENS
from loadtest.tokens import read_tokens
from loadtest.verdict import Figures, Summary

TIMEOUT_SECONDS = 30.0
"""Longer than the gateway takes in any case."""

_all_tokens = read_tokens(Path(os.environ[TOKENS]), int(os.environ[PLAYERS]))
_tokens: dict[int, Iterator[str]] = {}
_cpu_percent: dict[str, float] = {}
_workers: dict[str, int] = {}
_pause_seconds = float(os.environ[PAUSE])


class GamePlayer(FastHttpUser):
    """A player with a token of its own. The weights are those of a game: the badge is looked at most often."""

    network_timeout = connection_timeout = TIMEOUT_SECONDS

    def on_start(self) -> None:
        self._headers = {"Authorization": f"Bearer {next(_own_tokens(self.environment))}"}
        self._player = Player(self._ask)

    def wait_time(self) -> float:
        return _pause_seconds * random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, keeps no secret

    @task(12)
    def poll_badge(self) -> None:
        self._player.poll_badge()

    @task(6)
    def open_screen(self) -> None:
        self._player.open_screen()

    @task(2)
    def claim_free_step(self) -> None:
        self._player.claim_free_step()

    @task(1)
    def order_paid_step(self) -> None:
        self._player.order_paid_step()

    def _ask(self, name: str, variables: Mapping[str, object], check: Check) -> Data | None:
        body = {"query": OPERATIONS[name], "variables": dict(variables)}
        with self.client.post("", name=name, json=body, headers=self._headers, catch_response=True) as response:
            if not response.status_code:
                response.failure("no answer")
                return None
            try:
                data = data_of(response.status_code, response.content or b"")
                check(data)
            except Unexpected as unexpected:
                response.failure(str(unexpected))
                return None
            response.success()
            return data


def _own_tokens(environment: Any) -> Iterator[str]:
    """Those of this process: no two players have the same token."""
    index = max(0, getattr(environment.runner, "worker_index", 0))
    return _tokens.setdefault(index, islice(_all_tokens, index, None, int(os.environ[PROCESSES])))


class _Meter:
    """What this process has used of a core since it was last asked, in percent."""

    def __init__(self) -> None:
        self._at, self._used = time.monotonic(), time.process_time()

    def percent(self) -> float:
        before, self._at, self._used = (self._at, self._used), time.monotonic(), time.process_time()
        return 100 * (self._used - before[1]) / max(0.001, self._at - before[0])


_meter = _Meter()


def _note(name: str, percent: float) -> None:
    _cpu_percent[name] = max(percent, _cpu_percent.get(name, 0.0))


@events.test_start.add_listener
def _watch(environment: Any, **_: object) -> None:
    _meter.percent()
    if isinstance(environment.runner, LocalRunner):
        gevent.spawn(_note_own)


def _note_own() -> None:
    while True:
        gevent.sleep(2)
        _note("its process", _meter.percent())


@events.report_to_master.add_listener
def _report(data: dict[str, Any], **_: object) -> None:
    data["cpu_percent"] = _meter.percent()


@events.worker_report.add_listener
def _hear(client_id: str, data: dict[str, Any], **_: object) -> None:
    number = _workers.setdefault(client_id, len(_workers) + 1)
    _note(f"process {number}", data["cpu_percent"])


@events.quitting.add_listener
def _summarise(environment: Any, **_: object) -> None:
    if isinstance(environment.runner, LocalRunner | MasterRunner):
        entries = [environment.stats.entries[key] for key in sorted(environment.stats.entries)]
        figures = [_figures(one.name, one) for one in entries]
        Summary(figures, _figures("all", environment.stats.total), _cpu_percent).write(Path(os.environ[SUMMARY]))


def _figures(name: str, stats: Any) -> Figures:
    p50, p95, p99 = (stats.get_response_time_percentile(part) or 0.0 for part in (0.5, 0.95, 0.99))
    return Figures(name, stats.num_requests, stats.num_failures, p50, p95, p99, stats.total_rps)
