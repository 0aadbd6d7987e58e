"""The webhook endpoint: takes the vendor's POST and answers as the vendor expects (client contract, 8.1)."""

import asyncio
from dataclasses import dataclass

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.errors.internal import WebhookInvalid, WebhookNotAccepted
from gateway.identity.addresses import Sources
from gateway.identity.headers import header_values
from gateway.telemetry.metrics import Metrics
from gateway.webhooks.inbox import Inbox
from gateway.webhooks.parse import WebhookKind, parse
from gateway.webhooks.relay import BackendResponse, RawWebhook
from gateway.webhooks.signature import Signature

PATH = "/webhooks/xsolla"
MAX_BODY_BYTES = 256 * 1_024

_RELAYED = ("authorization", "content-type", "user-agent")


@dataclass(frozen=True, slots=True)
class WebhookRefusal:
    """A response outside 2xx: its status, the code and message in its body, and its metric's outcome."""

    status: int
    code: str
    message: str
    outcome: str


FORBIDDEN = WebhookRefusal(403, "FORBIDDEN", "Webhooks are not accepted from this address.", "forbidden")
TOO_LARGE = WebhookRefusal(413, "TOO_LARGE", f"A webhook may have {MAX_BODY_BYTES} bytes at most.", "too_large")
FORGED = WebhookRefusal(400, "INVALID_SIGNATURE", "The signature does not fit the body and the secret.", "forged")
NOT_TAKEN = WebhookRefusal(
    503, "TEMPORARILY_UNAVAILABLE", "The webhook was not accepted in time. Send it again.", "not_taken"
)

_ACCEPTED, _REJECTED, _INVALID = "accepted", "rejected", "invalid"
_REFUSED = tuple(one.outcome for one in (FORBIDDEN, TOO_LARGE, FORGED, NOT_TAKEN))
_UNREAD = "unread"

_encode = msgspec.json.Encoder().encode


class WebhookEndpoint:
    """`POST /webhooks/xsolla`. It reads nothing from an address that is not allowed, and parses nothing unsigned.

    `sources` is None if any address is allowed. A webhook that is not accepted within `answer_seconds` gets 503, so
    that the vendor sends it again.
    """

    def __init__(
        self,
        *,
        signature: Signature,
        inbox: Inbox,
        sources: Sources | None,
        metrics: Metrics,
        answer_seconds: float,
    ) -> None:
        self._signature = signature
        self._inbox = inbox
        self._sources = sources
        self._answer_seconds = answer_seconds
        self._tally = metrics.tally(
            "gateway_webhooks",
            "Webhooks, by kind and outcome.",
            kind=(_UNREAD, *(kind.value for kind in WebhookKind)),
            outcome=(_ACCEPTED, _REJECTED, _INVALID, *_REFUSED),
        )

    def routes(self) -> list[BaseRoute]:
        """The one path."""
        return [Route(PATH, self._post, methods=["POST"])]

    async def aclose(self) -> None:
        """End the processing of webhooks that were not answered in time."""
        await self._inbox.aclose()

    async def _post(self, request: Request) -> Response:
        if not self._is_allowed(request):
            return self._refuse(_UNREAD, FORBIDDEN)
        kind = _UNREAD
        try:
            async with asyncio.timeout(self._answer_seconds):
                body = await _bounded_body(request)
                if body is None:
                    return self._refuse(kind, TOO_LARGE)
                if not self._signature.fits(body, header_values(request.headers.items(), "authorization")):
                    return self._refuse(kind, FORGED)
                webhook = parse(body)
                kind = webhook.kind.value
                response = await self._inbox.receive(webhook, RawWebhook(body, _relayed_headers(request)))
        except WebhookInvalid as error:
            return self._refuse(kind, WebhookRefusal(400, "INVALID_PARAMETER", str(error), _INVALID))
        except (TimeoutError, WebhookNotAccepted, ClientDisconnect):
            return self._refuse(kind, NOT_TAKEN)
        self._tally.count(kind, _REJECTED if response.status >= 400 else _ACCEPTED)
        return _passed_on(response)

    def _is_allowed(self, request: Request) -> bool:
        peer = request.client.host if request.client else None
        return self._sources is None or self._sources.allow(peer, request.headers.items())

    def _refuse(self, kind: str, refusal: WebhookRefusal) -> Response:
        self._tally.count(kind, refusal.outcome)
        body = {"error": {"code": refusal.code, "message": refusal.message}}
        return Response(_encode(body), refusal.status, media_type="application/json")


def _passed_on(response: BackendResponse) -> Response:
    headers = {"content-type": response.content_type} if response.content_type else None
    return Response(response.body, response.status, headers)


def _relayed_headers(request: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in request.headers.items() if name in _RELAYED)


async def _bounded_body(request: Request) -> bytes | None:
    """The body; None if it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
