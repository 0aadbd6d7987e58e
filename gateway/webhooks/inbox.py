"""The inbox: a webhook is applied once, and relayed until the studio's backend accepts it, however often it comes."""

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


class NotAccepted(Exception):
    """The studio's backend did not accept the webhook: the vendor is to send it again."""


class Inbox:
    """Receives webhooks whose signature was checked. `relay` is None where the studio has no backend for them."""

    def __init__(self, dispatcher: Dispatcher, records: WebhookRecords, relay: Relay | None = None) -> None:
        self._dispatcher = dispatcher
        self._records = records
        self._relay = relay
        self._in_flight: SingleFlight[bytes] = SingleFlight()

    async def receive(self, webhook: Webhook, raw: RawWebhook) -> BackendResponse:
        """What the webhook is answered. One that tells of an event is accepted once it was applied and relayed; one
        that asks something gets the backend's response, and is accepted where there is no backend.

        An event is processed to its end when the caller stops waiting; a delivery that comes meanwhile waits for the
        same end. Raises NotAccepted, and WebhookInvalid for an order's that does not say which, unless a backend is to
        judge it.
        """
        try:
            if not webhook.is_event:
                return ACCEPTED if self._relay is None else await self._relay.ask(raw)
            return await self._in_flight.join(webhook.key, lambda: self._process(webhook, raw), keep_running=True)
        except (FlightEnded, RelayFailed):
            raise NotAccepted from None

    async def aclose(self) -> None:
        """End what is still being processed; the vendor will send it again."""
        await self._in_flight.aclose()
        if self._relay is not None:
            await self._relay.aclose()

    async def _process(self, webhook: Webhook, raw: RawWebhook) -> BackendResponse:
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
        response = await self._relay.ask(raw)
        if response.status >= 400:
            return response
        await _tolerated(self._records.remember(relayed))
        return ACCEPTED

    async def _is_known(self, key: bytes) -> bool:
        return await _tolerated(self._records.knows(key)) or False


async def _tolerated(work: Awaitable[T]) -> T | None:
    """Go on where records fail: the vendor may give a webhook up that is refused for them, and return the money."""
    try:
        return await work
    except RecordsFailed as error:
        log.event(logger, logging.ERROR, "webhook_not_recorded", reason=str(error))
        return None
