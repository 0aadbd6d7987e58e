"""The relay: a webhook goes on to the studio's own backend as it came, since the vendor knows one URL for a project."""

import logging
from dataclasses import dataclass, field

import httpx

from gateway.http.messages import RequestLimits, RequestTemplate
from gateway.http.transport import Transport
from gateway.telemetry import log

logger = logging.getLogger(__name__)

MAX_BACKEND_RESPONSE_BYTES = 64 * 1_024
"""For the transport: what a backend's answer may have; a larger one counts as none."""

RELAY_SECONDS = 10.0
"""How long a backend may take in all: the vendor has been told to come again by then, and finds it done."""


@dataclass(frozen=True, slots=True)
class RawWebhook:
    """A webhook as it came: its bytes, and the headers that belong to it (lower-case names)."""

    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class BackendResponse:
    """What a webhook is answered: a status from 200 to 499, and a body with its media type."""

    status: int
    body: bytes = b""
    content_type: str | None = None


ACCEPTED = BackendResponse(204)


class RelayFailed(Exception):
    """The backend gave no response: it is down, too slow or too talkative, redirects, or answered 5xx."""


class Relay:
    """Sends webhooks to the backend at `url`, each within `seconds`."""

    def __init__(self, url: str, transport: Transport, *, seconds: float = RELAY_SECONDS) -> None:
        limits = RequestLimits(read_seconds=seconds, write_seconds=seconds, total_seconds=seconds)
        self._template = RequestTemplate(url, limits=limits)
        self._transport = transport

    async def ask(self, webhook: RawWebhook) -> BackendResponse:
        """Send it once. Raises RelayFailed where the vendor is to try again."""
        try:
            response = await self._transport.send(
                self._template.request("POST", headers=webhook.headers, body=webhook.body)
            )
        except httpx.RequestError as error:
            raise _failed(type(error).__name__) from None
        if not (response.is_success or 400 <= response.status <= 499):
            raise _failed(response.status)
        return BackendResponse(response.status, response.body, response.header(b"content-type"))

    async def aclose(self) -> None:
        """Close the transport's connections."""
        await self._transport.aclose()


def _failed(answered: int | str) -> RelayFailed:
    log.event(logger, logging.WARNING, "relay_failed", answered=answered)
    return RelayFailed(str(answered))
