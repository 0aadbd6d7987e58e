"""How every upstream call is sent: guarded, counted, and its response decoded or named as an error."""

import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

import httpx
from msgspec import Struct

from gateway import __version__
from gateway.concurrency.turns import Turns
from gateway.errors import (
    AccessError,
    GatewayError,
    OutcomeUnknown,
    Overloaded,
    Refusal,
    UpstreamInvalid,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from gateway.http.messages import Request, RequestLimits, RequestTemplate, Response
from gateway.resilience.events import ResilienceEvents
from gateway.resilience.guard import Guard, Policies
from gateway.resilience.requester import Requester
from gateway.telemetry import log
from gateway.telemetry.metrics import Metrics
from gateway.upstream import failures
from gateway.upstream.admitted_transport import AdmittedTransport
from gateway.upstream.call_outcomes import CALLS, OK, Count, outcome_of, uncounted
from gateway.upstream.lenient import Report
from gateway.upstream.oddities import Oddities

logger = logging.getLogger(__name__)

T = TypeVar("T")

_OWN_HEADERS = (
    ("accept", "application/json"),
    ("accept-encoding", "gzip"),
    ("user-agent", f"liveops-gateway/{__version__}"),
)
# The vendor's guide requires the type on every POST and PUT, and only the order of an item has a body.
CONTENT_TYPE = ("content-type", "application/json")
_WRITE_HEADERS = (*_OWN_HEADERS, CONTENT_TYPE)
_NEVER_SENT = (
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)

_LARGE_BYTES = 50_000
"""Bodies beyond this are decoded one in each turn of the event loop."""


class Reply(Struct, Generic[T], frozen=True, gc=False):
    """A decoded response, and the bytes of it that were decoded for it alone."""

    value: T
    size_bytes: int


class Sender:
    """Sends calls over a transport that admits them, and says what their answers mean.

    `guard` decides what is sent; the default lets everything through and repeats nothing.
    """

    def __init__(
        self,
        transport: AdmittedTransport,
        root_url: str,
        *,
        read_timeout_seconds: float,
        write_timeout_seconds: float,
        now: Callable[[], float] = time.time,
        count: Count = uncounted,
        count_oddity: Count = uncounted,
        shows_messages: bool = False,
        guard: Guard | None = None,
    ) -> None:
        self._transport = transport
        self._reads = RequestTemplate(root_url, _OWN_HEADERS, _limits(read_timeout_seconds))
        self._writes = RequestTemplate(root_url, _WRITE_HEADERS, _limits(write_timeout_seconds))
        self._now = now
        self._turns = Turns()
        self._count = count
        oddities = Oddities(count_oddity)
        self.reports = {call: oddities.of(call) for call in CALLS}
        """Report the oddities in the responses of each call."""
        self._shows_messages = shows_messages
        self._guard = guard or Guard(CALLS, Policies(), ResilienceEvents(Metrics(), CALLS))

    def read(
        self,
        call: str,
        path: str,
        requester: Requester,
        decoder: Callable[[bytes, Report], T],
        *,
        is_page: bool = False,
    ) -> Coroutine[None, None, Reply[T]]:
        """Send a read and decode its response; `is_page` says that it is a later page of a list."""
        send = partial(self._send, call, Request(self._reads, "GET", path, requester.headers, b""), requester, decoder)
        return self._guard.read(call, requester, send, is_page=is_page)

    async def write(
        self,
        call: str,
        method: str,
        path: str,
        requester: Requester,
        decoder: Callable[[bytes, Report], T],
        body: bytes = b"",
    ) -> T:
        """Send a write, once, and decode its response."""
        request = self._writes.request(method, path, requester.headers, body)
        send = partial(self._send, call, request, requester, decoder, writes=True)
        return (await self._guard.write(call, requester, send)).value

    async def _send(
        self,
        call: str,
        request: Request,
        requester: Requester,
        decoder: Callable[[bytes, Report], T],
        *,
        writes: bool = False,
    ) -> Reply[T]:
        """Send a request and decode its response; count how it ended."""
        try:
            response = await self._transport.send(call, request, requester.source)
            if not 200 <= response.status <= 299:
                raise self._failure(request, response, writes=writes)
            if len(response.body) > _LARGE_BYTES:
                await self._turns.take()
            decoded = decoder(response.body, self.reports[call])
        except httpx.RequestError as error:
            # Not in a variable: an error that its own frame refers to waits for the garbage collector.
            raise self._broken(call, request, error, writes=writes) from error
        except BaseException as error:
            self._count(call, outcome_of(error))
            raise
        self._count(call, OK)
        return Reply(decoded, len(response.body))

    def _broken(self, call: str, request: Request, error: httpx.RequestError, *, writes: bool) -> GatewayError:
        """The error that a broken exchange stands for, logged and counted."""
        failure = _broken_exchange(error, writes=writes)
        # Texts of this one say how far connecting came, and hold no address.
        details = {"detail": str(error)} if isinstance(error, httpx.ConnectError) else {}
        _log(failure, request, type(error).__name__, **details)
        self._count(call, outcome_of(failure))
        return failure

    def _failure(self, request: Request, response: Response, *, writes: bool) -> GatewayError:
        """The error that a response stands for, logged."""
        retry_after = response.header(b"retry-after")
        failure = failures.failure(response.status, response.body, retry_after, writes=writes, now=self._now())
        details = {"upstream_message": failure.upstream_message} if failure.upstream_message else {}
        _log(failure, request, response.status, **details)
        if not self._shows_messages:
            failure.upstream_message = None
        return failure


def _limits(seconds: float) -> RequestLimits:
    return RequestLimits(read_seconds=seconds, write_seconds=seconds, total_seconds=seconds)


def _log(failure: GatewayError, request: Request, answered: int | str, **details: Any) -> None:
    """Log what the upstream did, with its own numbers for its support. A refusal is normal, so it is no warning."""
    level = logging.INFO if isinstance(failure, Refusal | AccessError) else logging.WARNING
    log.event(
        logger,
        level,
        "upstream_failure",
        method=request.method,
        path=request.path,
        answered=answered,
        meaning=type(failure).__name__,
        upstream_code=failure.upstream_code,
        transaction_id=failure.transaction_id,
        **details,
    )


def _broken_exchange(error: httpx.RequestError, *, writes: bool) -> GatewayError:
    """What a broken exchange means: nothing was done, or, for a write that may have been sent, nobody knows."""
    if isinstance(error, _NEVER_SENT):
        failure = Overloaded() if isinstance(error, httpx.PoolTimeout) else UpstreamUnavailable()
        failure.is_unsent = True
        return failure
    if writes:
        return OutcomeUnknown()
    if isinstance(error, httpx.DecodingError):
        return UpstreamInvalid()
    return UpstreamTimeout() if isinstance(error, httpx.TimeoutException) else UpstreamUnavailable()
