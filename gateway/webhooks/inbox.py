"""The inbox: each webhook is applied once, and relayed until the studio's backend accepts it."""

import hashlib
import logging
from collections.abc import Awaitable
from typing import TypeVar

from gateway.concurrency.single_flight import SingleFlight
from gateway.errors.internal import FlightEnded, RecordsFailed, WebhookInvalid, WebhookNotAccepted
from gateway.records.webhooks import WebhookRecords
from gateway.telemetry import log
from gateway.webhooks.dispatch import Dispatcher
from gateway.webhooks.parse import Webhook
from gateway.webhooks.relay import ACCEPTED, BackendResponse, RawWebhook, Relay, RelayFailed

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Inbox:
    """Receives webhooks whose signature was checked. `relay` is None if the studio has no backend for them."""

    def __init__(self, dispatcher: Dispatcher, records: WebhookRecords, relay: Relay | None = None) -> None:
        self._dispatcher = dispatcher
        self._records = records
        self._relay = relay
        self._in_flight: SingleFlight[bytes] = SingleFlight()

    async def receive(self, webhook: Webhook, raw: RawWebhook) -> BackendResponse:
        """The response to a webhook.

        An event is accepted once it is applied and relayed. A question gets the backend's response, and is accepted
        if there is no backend. An event is processed to its end even if the caller stops waiting; another delivery of
        it waits for the same end.

        Raises WebhookNotAccepted, and WebhookInvalid for an order's without its number unless a backend judges it.
        """
        try:
            if not webhook.is_event:
                return ACCEPTED if self._relay is None else await self._relay.ask(raw)
            return await self._in_flight.join(webhook.key, lambda: self._process(webhook, raw), keep_running=True)
        except (FlightEnded, RelayFailed):
            raise WebhookNotAccepted from None

    async def aclose(self) -> None:
        """End what is still being processed; the vendor will send it again."""
        await self._in_flight.aclose()
        if self._relay is not None:
            await self._relay.aclose()

    async def _process(self, webhook: Webhook, raw: RawWebhook) -> BackendResponse:
        # Recorded afterwards: what a crash interrupts is done again, which is harmless.
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
    """Go on if records fail: the vendor may not repeat a webhook that is refused for that, and return the money."""
    try:
        return await work
    except RecordsFailed as error:
        log.event(logger, logging.ERROR, "webhook_not_recorded", reason=str(error))
        return None
