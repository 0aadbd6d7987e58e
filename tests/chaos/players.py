"""Players who look, claim, buy, pay and wait, again and again, each over a client of one kind."""

import asyncio
import contextlib
import itertools
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from gateway import sandbox
from tests.chaos.clients import Client, NotSent, parsed
from tests.chaos.tally import Body, Outcome, Tally, is_unsettled, outcome_of
from tests.chaos.upstream import Upstream, mark_of
from tests.support.purchase_mutations import CLAIM, ORDER

SCREEN = """{ viewer { id badge { claimableCount }
  offerChains { id name description nextAction nextStep { id } }
  rewardChains { id name balance { amount } } } }"""
WAIT = "query($id: ID!) { waitForOrder(id: $id, timeoutSeconds: 5) { status isTerminal } }"

LOOKS_BETWEEN_TAPS = 7

UNANSWERED = (NotSent, aiohttp.ClientError, OSError, TimeoutError, ValueError)


@dataclass
class Tap:
    """A player's tap, sent again under its key until its outcome is known: after 1, 2, 4 … seconds, as the kits do."""

    mutation: str
    variables: Mapping[str, object]
    times: int = 0
    sent_at: float = -math.inf

    @property
    def is_due(self) -> bool:
        """Whether it is time to send it again."""
        return time.monotonic() - self.sent_at >= 2.0 ** (self.times - 1)

    def count(self) -> None:
        """Note that it is sent."""
        self.sent_at = time.monotonic()
        self.times += 1


class Player:
    """One client's player, and the next one when there is nothing left to take."""

    def __init__(
        self, client: Client, name: str, tally: Callable[[], Tally], upstream: Upstream, *, only_looks: bool
    ) -> None:
        self.order_keys: Counter[str] = Counter()
        self.paid: dict[str, str] = {}
        self.last: Body = {}
        self._client = client
        self._only_looks = only_looks
        self._name = name
        self._tally = tally
        self._upstream = upstream
        self._generations = itertools.count()
        self._keys = itertools.count()
        self._tap: Tap | None = None
        self._well_since = math.inf
        self.become_another()

    @property
    def has_been_well_since(self) -> float:
        """Since when every look was answered afresh; infinity where the last one was not."""
        return self._well_since

    def forget_being_well(self) -> None:
        """Let only looks from now on tell."""
        self._well_since = math.inf

    def give_up(self) -> None:
        """Do not send a tap again whose outcome is still open, as before another fault."""
        self._tap = None

    def become_another(self) -> None:
        """Begin anew."""
        self.id = f"{self._name}-{next(self._generations)}"
        self._token = sandbox.mint_token(self.id, lifetime_seconds=86_400, now=time.time())
        self._mark = mark_of(self._token)
        self._tap = None

    async def play(self, pause: float) -> None:
        """Play until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            for turn in itertools.count(1):
                is_due = self._tap.is_due if self._tap else turn % (1 + LOOKS_BETWEEN_TAPS) == 0
                if is_due and not self._only_looks:
                    await self._take()
                else:
                    await self.look()
                await asyncio.sleep(pause)

    async def look(self) -> Body | None:
        """Open the screen."""
        body = await self._ask(SCREEN, {})
        if body is None or outcome_of(body) is not Outcome.FRESH:
            self._well_since = math.inf
        else:
            self._well_since = min(self._well_since, time.monotonic())
        if self._only_looks:
            self._tally().count_look(body)
        self.last = body or {}
        return body

    async def _take(self) -> None:
        """Claim or buy what the screen offers; ask again where the outcome of the last tap is not known."""
        tap = self._tap or self._next_tap()
        if tap is None:
            return
        self._tap = tap
        tap.count()
        body = await self._ask(tap.mutation, tap.variables)
        if body is None or is_unsettled(body):
            return
        self._tap = None
        answer = (body.get("data") or {}).get("answer") or {}
        if answer.get("order"):
            await self._pay(answer["order"])

    def _next_tap(self) -> Tap | None:
        """The first thing to take on a screen without errors; nobody is left with a screen that has nothing."""
        if "errors" in self.last or "data" not in self.last:
            return None
        chains: list[Body] = self.last["data"]["viewer"]["offerChains"]
        open_chains = [chain for chain in chains if chain["nextAction"] in {"CLAIM", "BUY"}]
        if not open_chains:
            self.become_another()
            return None
        chain = open_chains[0]
        key = f"tap-{next(self._keys)}"
        is_order = chain["nextAction"] == "BUY"
        if is_order:
            self.order_keys[self.id] += 1
        return Tap(ORDER if is_order else CLAIM, {"step": chain["nextStep"]["id"], "key": key})

    async def _pay(self, order: dict[str, Any]) -> None:
        await self._upstream.pay(order["upstreamId"])
        self.paid[order["id"]] = self._token
        await self._ask(WAIT, {"id": order["id"]})

    async def _listen(self) -> None:
        while True:
            token, mark = self._token, self._mark
            with contextlib.suppress(*UNANSWERED):
                async with contextlib.aclosing(self._client.events(token)) as events:  # type: ignore[type-var]
                    async for text in events:
                        self._tally().events += '"chainsChanged"' in text
                        self._tally().look_for_marks(text, mark)
                        if token != self._token:
                            break
            # As game clients do, so that a gateway that comes back is not called by all at once.
            await asyncio.sleep(0.5)

    async def _ask(self, query: str, variables: Mapping[str, object]) -> Body | None:
        tally, kind, mark = self._tally(), self._client.kind, self._mark
        try:
            text = await self._client.ask(query, variables, self._token)
            body = parsed(text)
        except UNANSWERED as error:
            tally.count_error(kind, error, is_sent=not isinstance(error, NotSent))
            return None
        tally.look_for_marks(text, mark)
        tally.count_answer(kind, body)
        return body
