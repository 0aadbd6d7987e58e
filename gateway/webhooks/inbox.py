"""The inbox: each webhook is applied once, and relayed until the studio's backend accepts it."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from gateway.concurrency.single_flight import SingleFlight
from gateway.errors.internal import FlightEnded, RecordsFailed, WebhookInvalid, WebhookNotAccepted
from gateway.store.ports import Relaying, WebhookStore
from gateway.telemetry import log
from gateway.webhooks.dispatch import Dispatcher
from gateway.webhooks.parse import Webhook
from gateway.webhooks.relay import ACCEPTED, BackendResponse, RawWebhook, Relay, RelayFailed

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Inbox:
    """Receives webhooks whose signature was checked. `relay` is None if the studio has no backend for them.

    With `is_shared` records a webhook that cannot be published to the other processes is not accepted.
    """

    def __init__(
        self, dispatcher: Dispatcher, records: WebhookStore, relay: Relay | None = None, *, is_shared: bool = False
    ) -> None:
        self._is_shared = is_shared
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
        if not await self._tolerated(self._records.knows(webhook.key)):
            is_published = await self._tolerated(self._applied(webhook))
            if not is_published and self._is_shared:
                # The other processes do not know of it: the vendor has to send it again.
                raise WebhookNotAccepted
            await self._tolerated(self._records.remember(webhook.key))
        if self._relay is not None:
            return await self._relayed(self._relay, webhook, raw)
        if webhook.is_about_order and webhook.order_id is None:
            raise WebhookInvalid("`order.id` must be a whole number.")
        return ACCEPTED

    async def _applied(self, webhook: Webhook) -> bool:
        await self._dispatcher.apply(webhook)
        return True

    async def _relayed(self, relay: Relay, webhook: Webhook, raw: RawWebhook) -> BackendResponse:
        """Relay a webhook, unless that was done; of several deliveries at once one is. Raises WebhookNotAccepted."""
        turn = await self._tolerated(self._records.begin_relay(webhook.key))
        if turn is Relaying.BUSY or (turn is None and self._is_shared):
            raise WebhookNotAccepted
        if turn is Relaying.DONE:
            return ACCEPTED
        is_done = False
        try:
            response = await relay.ask(raw)
            is_done = response.status < 400
        finally:
            await self._tolerated(self._records.end_relay(webhook.key, is_done=is_done))
        return ACCEPTED if is_done else response

    async def _tolerated(self, work: Awaitable[T]) -> T | None:
        """Go on if records fail: the vendor may not repeat a webhook that is refused, and return the money."""
        try:
            return await work
        except RecordsFailed as error:
            log.event(logger, logging.ERROR, "webhook_not_recorded", reason=str(error))
            return None
