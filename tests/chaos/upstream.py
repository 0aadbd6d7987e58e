"""The suite's upstream: the sandbox, behind TLS, with marked answers, counted calls, and faults at every layer."""

import asyncio
import hashlib
import json
import re
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import sandbox
from tests.sandbox.proofs.audit import audit_file, query_file
from tests.support.certificates import Authority
from tests.support.cut import Cut
from tests.support.stack import serving

MARK = re.compile(r"mark-[0-9a-f]{16}")
_NUMBER = re.compile(r"/\d+")
_PLAYERS_OWN = ("/user/", "/order/")
_MARKED = frozenset({"name", "description"})

WINDOW_SLACK_SECONDS = 0.75
"""A 429 is on its way for so long at most, on a busy machine; the same is left at the window's end."""


def mark_of(token: str) -> str:
    """What every value that was read with this token bears."""
    return f"mark-{hashlib.sha256(token.encode()).hexdigest()[:16]}"


@dataclass
class Waits:
    """Tells players to come back later, and counts who comes before.

    `header` makes a `Retry-After` that means `seconds`.
    """

    seconds: float
    header: Callable[[], str]
    until: dict[tuple[str, str], float] = field(default_factory=dict)
    ignored: int = 0

    def answer(self, token: str, call: str) -> str:
        """The `Retry-After` for a call."""
        now, key = time.monotonic(), (token, call)
        if now < self.until.get(key, 0.0) - WINDOW_SLACK_SECONDS:
            self.ignored += now > self.until[key] - self.seconds + WINDOW_SLACK_SECONDS
        else:
            self.until[key] = now + self.seconds
        return self.header()


def in_seconds(seconds: int) -> Waits:
    """`Retry-After: 3`."""
    return Waits(seconds, lambda: str(seconds))


def as_date(seconds: int) -> Waits:
    """`Retry-After` as a date of HTTP, which has no parts of a second."""
    return Waits(seconds - 1, lambda: formatdate(time.time() + seconds, usegmt=True))


def absurd(longest_seconds: int) -> Waits:
    """A `Retry-After` of three million years, of which the gateway follows the `longest_seconds` that it is set to."""
    return Waits(longest_seconds, lambda: "99999999999999")


class MarkedUpstream:
    """Passes calls on to the sandbox, counts them, and marks what is answered with the token that it is for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.calls: Counter[str] = Counter()
        self.at: list[float] = []
        self.waits: Waits | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/api"):
            await self._app(scope, receive, send)
            return
        call = f"{scope['method']} {_NUMBER.sub('/N', path.partition('/project/')[2].partition('/')[2])}"
        self.calls[call] += 1
        self.at.append(time.monotonic())
        token = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
        if self.waits is not None:
            await _refuse(send, self.waits.answer(token, call))
        elif scope["method"] == "GET" and any(part in path for part in _PLAYERS_OWN):
            await self._app(scope, receive, Marking(send, mark_of(token)))
        else:
            await self._app(scope, receive, send)

    def taken(self) -> tuple[Counter[str], list[float]]:
        """The calls, and when they came, since the last time this was asked."""
        calls, at = self.calls, self.at
        self.calls, self.at = Counter(), []
        return calls, at


class Marking:
    """Sends a response with the mark in every name of its JSON."""

    def __init__(self, send: Send, mark: str) -> None:
        self._send = send
        self._mark = mark
        self._start: Message = {}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        body = self._marked(message.get("body", b""))
        if self._start:
            # A body of which a part comes alone is one that breaks off: its length stays that of the whole.
            length = None if message.get("more_body") else len(body)
            headers = [pair for pair in self._start["headers"] if length is None or pair[0] != b"content-length"]
            if length is not None:
                headers.append((b"content-length", b"%d" % length))
            await self._send({**self._start, "headers": headers})
            self._start = {}
        await self._send({**message, "body": body})

    def _marked(self, body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:
            return body
        return json.dumps(_with_mark(value, self._mark)).encode()


def _with_mark(value: object, mark: str) -> object:
    if isinstance(value, list):
        return [_with_mark(one, mark) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"{one} {mark}" if name in _MARKED and isinstance(one, str) else _with_mark(one, mark)
        for name, one in value.items()
    }


async def _refuse(send: Send, retry_after: str) -> None:
    headers = [(b"content-length", b"2"), (b"retry-after", retry_after.encode())]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


class Upstream:
    """The running upstream: what can be done to it, and what it knows in the end."""

    def __init__(self, url: str, file: Path, marked: MarkedUpstream, network: Cut, http: httpx.AsyncClient) -> None:
        self.marked = marked
        self.network = network
        self._url = f"{url}/_sandbox"
        self._project_url = f"{url}/api/v2/project/{sandbox.DEMO_PROJECT_ID}"
        self._file = file
        self._http = http

    @asynccontextmanager
    async def faults(self, *faults: str) -> AsyncIterator[None]:
        """Faults of the sandbox's own, as on its command line."""
        values = [
            {name: getattr(one, name) for name in one.__struct_fields__ if getattr(one, name) not in (None, False, 0)}
            for one in map(sandbox.parse_fault, faults)
        ]
        (await self._http.put(f"{self._url}/faults", json={"faults": values})).raise_for_status()
        try:
            yield
        finally:
            (await self._http.delete(f"{self._url}/faults")).raise_for_status()

    @contextmanager
    def telling_to_wait(self, waits: Waits) -> Iterator[Waits]:
        """Answer every call with 429."""
        self.marked.waits = waits
        try:
            yield waits
        finally:
            self.marked.waits = None

    async def send_webhooks(self, gateway_url: str) -> None:
        """Have the sandbox tell the gateway of orders."""
        answer = await self._http.put(
            f"{self._project_url}/admin/webhook",
            json={"url": f"{gateway_url}/webhooks/xsolla", "secret": sandbox.DEMO_WEBHOOK_SECRET, "is_enabled": True},
            auth=(str(sandbox.DEMO_PROJECT_ID), sandbox.DEMO_API_KEY),
        )
        answer.raise_for_status()

    async def ordered(self, player: str) -> int:
        """Order what the demo sells to new players, past the gateway; gives the order's number."""
        token = sandbox.mint_token(player, now=time.time())
        headers, steps = {"authorization": f"Bearer {token}"}, f"{self._project_url}/user/offer_chain/1/step/number"
        (await self._http.post(f"{steps}/1/claim", headers=headers)).raise_for_status()
        answer = await self._http.post(f"{steps}/2/order", headers=headers)
        return int(answer.raise_for_status().json()["order_id"])

    async def pay(self, order_id: int) -> None:
        """Pay an order, as on the payment page."""
        (await self._http.post(f"{self._url}/orders/{order_id}/pay")).raise_for_status()

    async def repeat_webhooks(self) -> None:
        """Let the time pass after which webhooks that were not taken are sent again."""
        (await self._http.post(f"{self._url}/clock", json={"advance_seconds": 301})).raise_for_status()

    def webhooks_waiting(self) -> int:
        """How many webhooks were not taken yet."""
        return self._count("SELECT count(*) FROM webhooks WHERE outcome IS NULL")

    def webhooks_given_up(self) -> int:
        """How many webhooks will never be sent again without having been taken."""
        return self._count("SELECT count(*) FROM webhooks WHERE outcome IS NOT NULL AND outcome <> 'delivered'")

    def orders(self) -> Counter[str]:
        """How many orders each player has made, by their id."""
        sql = (
            "SELECT player_id, count(*) FROM orders JOIN players USING (player_number)"
            " WHERE amount IS NOT NULL GROUP BY player_id"
        )
        return Counter({str(player): int(str(count)) for player, count in query_file(self._file, sql)})

    def audit(self) -> None:
        """Raise AssertionError where the database holds what must not be."""
        audit_file(self._file)

    def _count(self, sql: str) -> int:
        ((count,),) = query_file(self._file, sql)
        return int(str(count))


class Certificates:
    """The upstream's TLS: its good certificate, and one that nobody trusts."""

    def __init__(self, folder: Path) -> None:

        good = Authority(folder, "authority")
        self.ca_file = good.file
        self._good = good.issue("upstream")
        self._bad = Authority(folder, "stranger").issue("impostor")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*self._good)

    @contextmanager
    def untrusted(self) -> Iterator[None]:
        """Serve new connections with the other one."""
        self.context.load_cert_chain(*self._bad)
        try:
            yield
        finally:
            self.context.load_cert_chain(*self._good)


@asynccontextmanager
async def running_upstream(folder: Path, certificates: Certificates) -> AsyncIterator[Upstream]:
    """Serve the sandbox until the context ends; the gateway reaches it through `network` only."""

    file = folder / "sandbox.sqlite3"
    marked = MarkedUpstream(sandbox.create_sandbox(str(file), seed=1))
    async with serving(marked) as url, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        network = Cut(int(url.rpartition(":")[2]))
        network.go_on()
        server = await asyncio.start_server(network.accept, "127.0.0.1", 0, ssl=certificates.context)
        network.port = server.sockets[0].getsockname()[1]
        try:
            yield Upstream(url, file, marked, network, http)
        finally:
            server.close()
            await network.end()
            await server.wait_closed()
