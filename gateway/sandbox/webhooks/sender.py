"""Sends the webhooks of the outbox to the projects' servers, signed, one after the other in each project.

An attempt is logged after its response. A process that dies in between repeats it when it starts again: webhooks are
delivered at least once, as documented (client contract, 8.1).
"""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import msgspec

from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.orders import get_order, order_history
from gateway.sandbox.storage.players import get_player
from gateway.sandbox.storage.webhook_outbox import (
    Webhook,
    drop_webhook,
    first_due_webhook,
    record_attempt,
    seconds_until_due,
)
from gateway.sandbox.storage.webhook_settings import find_webhook_settings
from gateway.sandbox.webhooks.payloads import payload

TIMEOUT_SECONDS = 3.0
"""How long a response may take, from the connection to its body."""
_LOGGED_BYTES = 500


class SignedWebhook(msgspec.Struct, frozen=True):
    """A webhook that is ready to be sent; an empty signature is left out."""

    url: str
    body: bytes
    signature: str


class DeliveryResult(msgspec.Struct, frozen=True):
    """What came back: a status and the beginning of the body, or with status None the name of the error."""

    status: int | None
    detail: str


class WebhookSender:
    """Sends due webhooks, and sleeps until the next one is due or something is written."""

    def __init__(
        self, database: Database, transport: httpx.AsyncBaseTransport, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        """Take the outbox's database and the transport, which the caller closes."""
        self._database = database
        self._transport = transport
        self._timeout_seconds = timeout_seconds
        self._sending: set[int] = set()
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send webhooks until the context ends."""
        delivering = asyncio.create_task(self._run())
        try:
            yield
        finally:
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                await delivering

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._changed.set)

        # Every write wakes it: a changed order, changed settings, or a moved clock.
        with self._database.watched(wake):
            async with asyncio.TaskGroup() as tasks:
                while True:
                    self._changed.clear()
                    seconds = self._send_due(tasks)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(seconds):
                            await self._changed.wait()

    def _send_due(self, tasks: asyncio.TaskGroup) -> float | None:
        """Start a task for each project with a due webhook and no task; return in how many seconds the next is due."""
        with self._database.read() as tx:
            waiting = {
                project_id: due for project_id, due in seconds_until_due(tx).items() if project_id not in self._sending
            }
        for project_id, seconds in waiting.items():
            if seconds <= 0:
                self._sending.add(project_id)
                tasks.create_task(self._send_pending(project_id))
        return min((seconds for seconds in waiting.values() if seconds > 0), default=None)

    async def _send_pending(self, project_id: int) -> None:
        # Another process may lock the file for too long: attempts that were not logged are repeated.
        with suppress(sqlite3.OperationalError):
            while webhook := self._first_due(project_id):
                await self._attempt(webhook)
        self._sending.discard(project_id)
        self._changed.set()

    def _first_due(self, project_id: int) -> Webhook | None:
        with self._database.read() as tx:
            return first_due_webhook(tx, project_id)

    async def _attempt(self, webhook: Webhook) -> None:
        with self._database.read() as tx:
            signed = sign_webhook(tx, webhook)
        if signed is None:
            with self._database.write() as tx:
                drop_webhook(tx, webhook)
            return
        result = await send_once(signed, self._transport, self._timeout_seconds)
        with self._database.write() as tx:
            record_attempt(tx, webhook, signed.url, result.status, result.detail)


async def send_once(
    signed: SignedWebhook, transport: httpx.AsyncBaseTransport | None = None, timeout_seconds: float = TIMEOUT_SECONDS
) -> DeliveryResult:
    """Send a webhook, through a transport of its own that uses no proxy where none is given; never raises."""
    if transport is None:
        async with httpx.AsyncHTTPTransport(trust_env=False) as own:
            return await send_once(signed, own, timeout_seconds)
    try:
        async with asyncio.timeout(timeout_seconds):
            response = await transport.handle_async_request(_request(signed, timeout_seconds))
            try:
                return DeliveryResult(response.status_code, await _read_beginning(response))
            finally:
                await response.aclose()
    except Exception as error:  # any error fails the attempt, and is in the log
        return DeliveryResult(None, type(error).__name__)


def sign_webhook(tx: Transaction, webhook: Webhook) -> SignedWebhook | None:
    """Build and sign a webhook with the project's current settings; None when it has none or they are switched off."""
    settings = find_webhook_settings(tx, webhook.project_id)
    if settings is None or not settings.is_enabled:
        return None
    order = get_order(tx, webhook.order_id)
    player = get_player(tx, order.player_number)
    body = payload(webhook, order, player, order_history(tx, webhook.order_id))
    return SignedWebhook(settings.url, body, sign(body, settings.secret))


def resign(tx: Transaction, webhook: Webhook, signed: SignedWebhook, body: bytes) -> SignedWebhook:
    """Put another body into a webhook that was signed in this transaction, and sign that."""
    settings = find_webhook_settings(tx, webhook.project_id)
    assert settings is not None  # noqa: S101 - it was signed with them
    return SignedWebhook(signed.url, body, sign(body, settings.secret))


def sign(body: bytes, secret: str) -> str:
    """Sign a body: plain SHA-1 of its bytes and the secret, in lowercase hex (client contract, 8.1)."""
    return hashlib.sha1(body + secret.encode(), usedforsecurity=False).hexdigest()


def _request(signed: SignedWebhook, timeout_seconds: float) -> httpx.Request:
    headers = {"Content-Type": "application/json"}
    if signed.signature:
        headers["Authorization"] = f"Signature {signed.signature}"
    return httpx.Request(
        "POST",
        signed.url,
        content=signed.body,
        headers=headers,
        extensions={"timeout": httpx.Timeout(timeout_seconds).as_dict()},
    )


async def _read_beginning(response: httpx.Response) -> str:
    # Not through the response's own readers: httpx counts a response that a transport built from bytes as read already.
    assert isinstance(response.stream, httpx.AsyncByteStream)  # noqa: S101 - what an asynchronous transport gives
    read = bytearray()
    async for chunk in response.stream:
        read += chunk
        if len(read) >= _LOGGED_BYTES:
            break
    return read[:_LOGGED_BYTES].decode("utf-8", "replace")
