"""Clients that mean no good, or know no better: floods, slow clients, webhook storms. Each goes on until cancelled."""

import asyncio
import contextlib
import itertools
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import aiohttp

from gateway import sandbox
from gateway.schema import ids
from tests.support.webhook_payloads import order_webhook, signed

ASK = "{ viewer { rewardChains { id } } }"
HALF_HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_BODY = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
SILENCE = b""


class Flood:
    """Floods of a gateway, and how many requests of them were answered with which code."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self.answers: Counter[str] = Counter()
        self._url = url
        self._http = http

    async def random_tokens(self, clients: int) -> None:
        """Ask with a token that nobody has, another one each time."""
        numbers = itertools.count()
        await self._all(clients, lambda: self._ask(ASK, f"nobody-{next(numbers)}", pause=0.1))

    async def greedy_player(self, clients: int) -> None:
        """Ask for fifteen chains at once that are not cached, all as one player."""
        numbers = itertools.count(1)
        await self._all(clients, lambda: self._ask(_fifteen(next(numbers)), "greedy", pause=0.1))

    async def slow_clients(self, clients: int) -> None:
        """Send half of a head, half of a body, or nothing; open the connection again once it is closed."""
        kinds = itertools.cycle((HALF_HEAD, HALF_BODY, SILENCE))
        await self._all(clients, lambda: self._hang(next(kinds)))

    async def webhooks(self, clients: int) -> None:
        """Send webhooks: forged ones, broken ones, and the same true one again and again."""
        true = json.dumps(order_webhook(order_id=1, player_id="nobody")).encode()
        secret = sandbox.DEMO_WEBHOOK_SECRET
        kinds = itertools.cycle(((true, secret), (true, "wrong"), (b"[1, 2", secret), (b"{}", secret)))
        await self._all(clients, lambda: self._tell(*next(kinds)))

    async def _all(self, clients: int, act: Callable[[], Awaitable[None]]) -> None:
        async def go_on(number: int) -> None:
            # Not all in one moment: a herd of connections is another fault.
            await asyncio.sleep(number * 0.01)
            while True:
                with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                    await act()

        async with asyncio.TaskGroup() as group:
            for number in range(clients):
                group.create_task(go_on(number))

    async def _ask(self, query: str, player: str, *, pause: float) -> None:
        token = sandbox.mint_token(player, now=time.time())
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.post(f"{self._url}/graphql", json={"query": query}, headers=headers) as response:
            body = await response.json()
        codes = {error["extensions"]["code"] for error in body.get("errors", ())}
        self.answers[" ".join(sorted(codes)) or "answered"] += 1
        await asyncio.sleep(pause)

    async def _hang(self, sent: bytes) -> None:
        parts = urlsplit(self._url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=1_024)
        try:
            writer.write(sent)
            await reader.read()
            self.answers["closed"] += 1
        finally:
            writer.transport.abort()

    async def _tell(self, body: bytes, secret: str) -> None:
        headers = {"Authorization": signed(body, secret)}
        async with self._http.post(f"{self._url}/webhooks/xsolla", data=body, headers=headers) as response:
            self.answers[str(response.status)] += 1
        await asyncio.sleep(0.02)


def _fifteen(number: int) -> str:
    """Fifteen chains that were not asked for before."""
    chains = (ids.encode(ids.IdKind.OFFER_CHAIN, 1_000 + 15 * number + one) for one in range(15))
    return "{viewer{" + " ".join(f'c{at}: offerChain(id: "{chain}") {{ id }}' for at, chain in enumerate(chains)) + "}}"
