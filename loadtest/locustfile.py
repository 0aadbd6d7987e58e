"""The players as locust runs them; started by `python -m loadtest`, which sets the environment read here."""

import os
import random
from collections.abc import Mapping
from pathlib import Path

from locust import FastHttpUser, task

from loadtest.answers import Data, Unexpected, data_of
from loadtest.player import OPERATIONS, Check, Player
from loadtest.settings import PAUSE, PLAYERS, TOKENS
from loadtest.tokens import read_tokens

TIMEOUT_SECONDS = 30.0
"""Longer than the gateway takes in any case."""

_tokens = iter(read_tokens(Path(os.environ[TOKENS]), int(os.environ[PLAYERS])))
_pause_seconds = float(os.environ[PAUSE])


class GamePlayer(FastHttpUser):
    """A player with a token of its own. The weights are those of a game: the badge is looked at most often."""

    network_timeout = connection_timeout = TIMEOUT_SECONDS

    def on_start(self) -> None:
        self._headers = {"Authorization": f"Bearer {next(_tokens)}"}
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
