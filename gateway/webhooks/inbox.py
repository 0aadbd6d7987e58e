"""The inbox: every webhook is applied once and relayed until the studio's backend took it, however often it comes."""

import hashlib
import logging
from collections.abc import Awaitable
from typing import TypeVar

from gateway.concurrency.single_flight import FlightEnded, SingleFlight
from gateway.records.database import RecordsFailed
from gateway.records.webhooks import WebhookRecords
from gateway.telemetry import log
from gateway.webhooks.dispatch import Dispatcher
from gateway.webhooks.parse import Webhook, WebhookInvalid
from gateway.webhooks.relay import ACCEPTED, BackendResponse, RawWebhook, Relay, RelayFailed

logger = logging.getLogger(__name__)

T = TypeVar("T")


class NotTaken(Exception):
    """The studio's backend did not take the webhook: the vendor is to send it again."""


class Inbox:
    """Takes webhooks that were signed. `relay` is None where the studio has no backend for them."""

    def __init__(self, dispatcher: Dispatcher, records: WebhookRecords, relay: Relay | None = None) -> None:
        self._dispatcher = dispatcher
        self._records = records
        self._relay = relay
        self._flights: SingleFlight[bytes] = SingleFlight()

    async def take(self, webhook: Webhook, letter: RawWebhook) -> BackendResponse:
        """What the webhook is answered. One that tells something is accepted once it was applied and relayed; one that
        asks something gets the backend's response, and is accepted where there is no backend.

        What is told goes on when the caller stops waiting, and who comes with it meanwhile waits for the same end.
        Raises NotTaken, and WebhookInvalid for an order's that does not say which, unless a backend is to judge it.
        """
        try:
            if not webhook.is_news:
                return ACCEPTED if self._relay is None else await self._relay.ask(letter)
            return await self._flights.join(webhook.key, lambda: self._settle(webhook, letter), keep_running=True)
        except (FlightEnded, RelayFailed):
            raise NotTaken from None

    async def aclose(self) -> None:
        """End what still goes on; the vendor will send it again."""
        await self._flights.aclose()
        if self._relay is not None:
            await self._relay.aclose()

    async def _settle(self, webhook: Webhook, letter: RawWebhook) -> BackendResponse:
        # Marked afterwards: what a crash interrupts is done again, and doing it twice is harmless.
        if not await self._is_known(webhook.key):
            await _tolerated(self._dispatcher.apply(webhook))
            await _tolerated(self._records.remember(webhook.key))
        relayed = hashlib.sha256(b"relayed" + webhook.key).digest()
        if self._relay is None:
            if webhook.is_about_order and webhook.order_id is None:
                raise WebhookInvalid("`order.id` must be a whole number.")
            return ACCEPTED
        if await self._is_known(relayed):
            return ACCEPTED
        response = await self._relay.ask(letter)
        if response.status >= 400:
            return response
        await _tolerated(self._records.remember(relayed))
        return ACCEPTED

    async def _is_known(self, key: bytes) -> bool:
        return await _tolerated(self._records.knows(key)) or False


async def _tolerated(work: Awaitable[T]) -> T | None:
    """Do without records that fail: a webhook refused for them may be given up, and the money go back to the player."""
    try:
        return await work
    except RecordsFailed as error:
        log.event(logger, logging.ERROR, "webhook_not_recorded", reason=str(error))
        return None
