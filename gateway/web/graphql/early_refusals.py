"""Requests that are refused before they are read, because the same request was just refused and would be again.

A refusal that costs as much as an answer lets clients who come again at once take the event loop from all others. What
a request reads is known only once it was parsed and run. So the first refusal of a request is remembered, without the
credential: what it wanted to read, and what was in the way. While that is in the way of the next player as well, and
nothing of theirs is cached that would answer it, they get the same response, with their own id, headers and seconds.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, cast

import msgspec
from cachetools import LRUCache
from graphql import GraphQLError

from gateway.admission.admission import Admission
from gateway.admission.player_turns import RETRY_AFTER_SECONDS, PlayerTurns
from gateway.admission.rate_limits import LimitRefusal
from gateway.cache.keys import CacheKey
from gateway.errors import GatewayError, Overloaded, RateLimited
from gateway.errors.codes import ErrorCode
from gateway.execution.engine import Result
from gateway.identity.caller import Caller, Identity
from gateway.player.limits import source_of
from gateway.player.services import Services
from gateway.telemetry import log
from gateway.telemetry.metrics import Metrics
from gateway.web.graphql.requests import GRAPHQL_RESPONSE, JSON
from gateway.web.graphql.results import graphql_response
from gateway.web.operation_reports import Report, refusal
from gateway.web.responses import EncodedResponse, HeaderPairs, json_response

logger = logging.getLogger(__name__)

MAX_BYTES = 2**20
"""Memory for remembered refusals, the requests included."""

OVERHEAD_BYTES = 2_000
REMEMBERED_SECONDS = 60.0
"""For how long a refusal is remembered after its last use: requests that are answered should not look for it."""

_REQUEST_ID, _SECONDS = "<id>", "<seconds>"
"""Stand in the response for what differs; nothing else in it has such letters: it holds names and our own texts."""

_PER_REQUEST = frozenset({b"content-length", b"retry-after"})

_encode = msgspec.json.Encoder().encode


class _Remembered(NamedTuple):
    """A refusal: the response, what was not read, and the calls without room; none where a limit refused it."""

    status: int
    headers: HeaderPairs
    body: bytes
    reads: tuple[CacheKey, ...]
    calls: tuple[str, ...]
    report: Report


class _Entry(NamedTuple):
    """The refusals of a request, by a full upstream call and by a limit; and what they take in memory."""

    of_calls: _Remembered | None
    of_limits: _Remembered | None
    expires_at: float
    size_bytes: int


class Refusal(NamedTuple):
    """The response to a request that is refused, but for its id."""

    remembered: _Remembered
    seconds: int
    limit_headers: HeaderPairs

    @property
    def status(self) -> int:
        """The status of the response."""
        return self.remembered.status

    @property
    def report(self) -> Report:
        """What is told of it."""
        return self.remembered.report

    def answer(self, request_id: str) -> EncodedResponse:
        """The whole response."""
        body = self.remembered.body % {b"id": request_id.encode(), b"seconds": self.seconds}
        own = ((b"content-length", b"%d" % len(body)), (b"retry-after", b"%d" % self.seconds))
        return EncodedResponse(self.remembered.status, (*self.remembered.headers, *own, *self.limit_headers), body)


class EarlyRefusals:
    """Remembers refusals of requests, and refuses the same of others while they would be refused as well."""

    def __init__(
        self,
        identity: Identity,
        services: Services,
        admission: Admission,
        metrics: Metrics,
        turns: PlayerTurns,
        count_request: Callable[[], None],
    ) -> None:
        self._turns = turns
        self._count_request = count_request
        self._crowded = {media_type: _crowded(media_type) for media_type in (JSON, GRAPHQL_RESPONSE)}
        self._identity = identity
        self._services = services
        self._admission = admission
        self._entries: LRUCache[tuple[bytes, ...], _Entry] = LRUCache(MAX_BYTES, getsizeof=lambda one: one.size_bytes)
        self._count = metrics.tally(
            "gateway_refused_early",
            "Requests that were refused before they were read, as the same request had been just before.",
            code=[ErrorCode.OVERLOADED.value, ErrorCode.RATE_LIMITED.value],
        ).count

    @property
    def is_any_ready(self) -> bool:
        """Whether any request may be refused early."""
        return len(self._entries) > 0 or self._turns.is_any_waiting

    def crowded(self, credential: bytes, accept: bytes, *, is_soon: bool = False) -> Refusal | None:
        """The refusal of a request whose player has too many that wait to begin, counted; None where it may wait.

        `credential` is a digest; `is_soon` says that the request is not run in this turn of the loop.
        """
        if not (self._turns.is_full_soon(credential) if is_soon else self._turns.is_full(credential)):
            return None
        self._count_request()
        log.event(logger, logging.WARNING, "rate_limited", limit="player_requests")
        media_type = GRAPHQL_RESPONSE if GRAPHQL_RESPONSE.encode() in accept else JSON
        return Refusal(self._crowded[media_type], RETRY_AFTER_SECONDS, ())

    def begin(self, credential: bytes) -> bool:
        """Whether a request of this credential begins now; otherwise it is `crowded`, or waits for its `turn`."""
        return self._turns.begin(credential)

    def turn(self, credential: bytes) -> Awaitable[None]:
        """Wait until a request of this credential may begin."""
        return self._turns.take(credential)

    def learn(
        self,
        parts: tuple[bytes, ...],
        result: Result,
        failed_reads: Sequence[tuple[CacheKey, GatewayError]],
        answer: EncodedResponse,
        report: Report,
    ) -> None:
        """Remember the response to a request of these parts, where it is a refusal of all that it wanted to read.

        Nothing was read for it, so it may be the same for every player.
        """
        calls = _refused_calls([error for _, error in failed_reads]) if failed_reads else None
        if calls is None or not _is_refused_whole(result, failed_reads):
            return
        reads = tuple(key for key, _ in failed_reads)
        remembered = _Remembered(answer.status, _shared(answer), _with_places(result), reads, calls, report)
        before = self._entries.get(parts)
        of_calls, of_limits = (before.of_calls, before.of_limits) if before else (None, None)
        of_calls, of_limits = (remembered, of_limits) if calls else (of_calls, remembered)
        held_bytes = sum(len(one.body) + 200 * len(one.reads) for one in (of_calls, of_limits) if one)
        size_bytes = OVERHEAD_BYTES + sum(map(len, parts)) + held_bytes
        if size_bytes <= MAX_BYTES:
            expires_at = self._services.monotonic() + REMEMBERED_SECONDS
            self._entries[parts] = _Entry(of_calls, of_limits, expires_at, size_bytes)

    def find(
        self, parts: tuple[bytes, ...], fields: Sequence[tuple[bytes, bytes]], client: tuple[str, int] | None
    ) -> Refusal | None:
        """The refusal of a request with these parts and header fields, counted; None where it has to be run."""
        entry = self._entries.get(parts) if self._entries else None
        if entry is None:
            return None
        now = self._services.monotonic()
        if entry.expires_at <= now:
            del self._entries[parts]
            return None
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in fields]
        caller = self._identity.caller_at_once(headers, client[0] if client else None)
        refusal = None if caller is None else self._refusal(entry, caller)
        if refusal:
            self._entries[parts] = entry._replace(expires_at=now + REMEMBERED_SECONDS)
        return refusal

    def _refusal(self, entry: _Entry, caller: Caller) -> Refusal | None:
        """Refuse as running it would: a limit comes before the room for calls."""
        limits, source = self._services.rate_limits, source_of(caller)
        limit = limits.refusal(source)
        remembered = entry.of_limits if limit else entry.of_calls
        if remembered is None:
            return None
        seconds = limit.seconds if limit else self._admission.refusal_seconds(remembered.calls, source.player)
        if seconds is None or not self._would_read(remembered, caller):
            return None
        self._tell(remembered, limit)
        return Refusal(remembered, seconds, limits.headers(source, is_mutation=False))

    def _would_read(self, remembered: _Remembered, caller: Caller) -> bool:
        """Whether nothing of what it reads is there; copies are shown where the upstream's calls are in the way."""
        cache, in_need = self._services.cache, bool(remembered.calls)
        return all(cache.would_load(caller.owner, key, in_need=in_need) for key in remembered.reads)

    def _tell(self, remembered: _Remembered, limit: LimitRefusal | None) -> None:
        self._count(remembered.report.codes[0])
        if limit:
            self._services.rate_limits.count_refusal(limit.limit)
        else:
            self._admission.count_refusals(remembered.calls)


def _crowded(media_type: str) -> _Remembered:
    error = RateLimited(RETRY_AFTER_SECONDS)
    result = Result(None, (GraphQLError(error.message, original_error=error),), is_request_error=True)
    answer = json_response({}, status=429 if media_type == GRAPHQL_RESPONSE else 200, media_type=media_type)
    return _Remembered(answer.status, _shared(answer), _with_places(result), (), (), refusal(error))


def _shared(answer: EncodedResponse) -> HeaderPairs:
    """The headers that are the same for all who get the response."""
    return tuple(pair for pair in answer.headers if pair[0] not in _PER_REQUEST)


def _refused_calls(errors: Sequence[GatewayError]) -> tuple[str, ...] | None:
    """The calls that had no room; none where a limit refused all. None where anything else was in the way."""
    if all(isinstance(error, RateLimited) and not error.is_unsent and error.wait_seconds is None for error in errors):
        return ()
    calls = [error.call for error in errors if isinstance(error, Overloaded) and error.call is not None]
    return tuple(dict.fromkeys(calls)) if len(calls) == len(errors) else None


def _is_refused_whole(result: Result, failed_reads: Sequence[tuple[CacheKey, GatewayError]]) -> bool:
    """Whether a result has nothing but reads that failed: each null in it is where one of their errors is."""
    causes = {id(error) for _, error in failed_reads}
    paths = {tuple(error.path or ()) for error in result.errors}
    is_known = all(id(error.original_error) in causes for error in result.errors)
    extended = result.stale_seconds is not None or result.refresh_allowed_in is not None
    return is_known and not extended and _is_empty(result.data, (), paths)


def _is_empty(value: object, path: tuple[str | int, ...], failed: set[tuple[str | int, ...]]) -> bool:
    if isinstance(value, Mapping):
        return all(_is_empty(child, (*path, name), failed) for name, child in value.items())
    return value is None and any(one[: len(path)] == path for one in failed)


def _with_places(result: Result) -> bytes:
    """The response with places for the request's id and the seconds, to be filled in with `%`."""
    response = graphql_response(result)
    for error in cast("list[dict[str, dict[str, object]]]", response["errors"]):
        error["extensions"] |= {"requestId": _REQUEST_ID, "retryAfterSeconds": _SECONDS}
    text = _encode(response).replace(b"%", b"%%")
    return text.replace(_REQUEST_ID.encode(), b"%(id)b").replace(f'"{_SECONDS}"'.encode(), b"%(seconds)d")
