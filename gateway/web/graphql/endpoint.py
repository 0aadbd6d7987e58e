"""The GraphQL endpoint: HTTP in, one operation, HTTP out."""

import asyncio
from collections.abc import Callable, Mapping

from graphql import OperationType
from msgspec import Struct
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from gateway.cache.response_cache import response_key
from gateway.errors import AccessError, BadRequest, GatewayError
from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import Execution, Result
from gateway.identity.caller import CALLER_FIELDS
from gateway.identity.stream_tokens import StreamTokens
from gateway.telemetry.log import request_id
from gateway.web.content_encoding import ContentEncoding, accepted_encoding, in_encoding
from gateway.web.graphql.calls import Call, ClientGone
from gateway.web.graphql.early_refusals import EarlyRefusals
from gateway.web.graphql.multipart import MULTIPART_SUBSCRIPTIONS
from gateway.web.graphql.operations import Operations
from gateway.web.graphql.requests import (
    EVENT_STREAM,
    GRAPHQL_RESPONSE,
    JSON,
    MULTIPART,
    HttpError,
    read_body,
    read_request,
    response_media_type,
    stream_media_type,
)
from gateway.web.graphql.response_caching import (
    CacheableRequest,
    Responses,
    cacheable_request,
    conditional,
    from_cache,
    stored_answer,
    with_cache_headers,
)
from gateway.web.graphql.results import graphql_response, request_error_status, retry_after
from gateway.web.graphql.senders import SENDER_FIELDS, sender_of
from gateway.web.graphql.sse import SERVER_SENT_EVENTS
from gateway.web.graphql.stream_tokens import with_credential
from gateway.web.graphql.streams import StreamFormat, Streams
from gateway.web.metrics import OperationMetrics
from gateway.web.operation_reports import COMPRESSIBLE, FAULT, SCOPE_KEY, Report, invalid, refusal
from gateway.web.responses import EncodedResponse, HeaderPairs, encoded, encoded_response, error_response, json_response

EXECUTION_HEADER = b"x-gateway-execution"
"""How an operation was executed: `compiled`, `reference` for strawberry's executor, `cached` for a cached response."""

_WATCHED_AFTER_SECONDS = 0.05

_CREDENTIAL = b"authorization"
_READ = frozenset(name.encode() for name in CALLER_FIELDS | SENDER_FIELDS)
_STREAM_FORMATS = {EVENT_STREAM: SERVER_SENT_EVENTS, MULTIPART: MULTIPART_SUBSCRIPTIONS}
_EXECUTED = {one.text: (EXECUTION_HEADER, one.text.encode()) for one in Execution}
_CACHED = _EXECUTED[Execution.CACHED.text]


class _Outcome(Struct, frozen=True):
    """A response, and what metrics and log say of it."""

    answer: EncodedResponse
    report: Report


class _Streamed(Struct, frozen=True):
    """A call that is answered as a stream."""

    call: Call
    written: StreamFormat


class GraphQLEndpoint:
    """`POST` and `GET` of GraphQL over HTTP, with the media types and status codes of that specification."""

    def __init__(
        self,
        operations: Operations,
        responses: Responses,
        refusals: EarlyRefusals,
        streams: Streams,
        stream_tokens: StreamTokens,
        metrics: OperationMetrics,
        monotonic: Callable[[], float],
    ) -> None:
        self._operations = operations
        self._responses = responses
        self._refusals = refusals
        self._streams = streams
        self._stream_tokens = stream_tokens
        self._metrics = metrics
        self._monotonic = monotonic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, unless its client has disconnected."""
        began_at = self._monotonic()
        encoding = accepted_encoding(scope["headers"])
        try:
            answered = await self._answered(scope, receive, encoding)
        except HttpError as refused:
            answer = error_response(refused.status, refused.error, headers=refused.headers)
            answered = _Outcome(answer, refusal(refused.error))
        except (ClientGone, ClientDisconnect):
            return
        except Exception:
            self._tell(scope, FAULT, began_at)
            raise
        if isinstance(answered, _Streamed):
            try:
                await self._streams.respond(answered.call, answered.written, receive, send)
            finally:
                scope[SCOPE_KEY] = answered.call.counted
            return
        answer, report = answered.answer, answered.report
        self._tell(scope, report, began_at)
        if report.kind in COMPRESSIBLE:
            answer = in_encoding(answer, encoding)
        await answer.send(send)

    def _tell(self, scope: Scope, report: Report, began_at: float) -> None:
        self._metrics.operation(report, self._monotonic() - began_at)
        scope[SCOPE_KEY] = report

    async def _answered(self, scope: Scope, receive: Receive, encoding: ContentEncoding) -> _Outcome | _Streamed:
        """The response to a request, or what is streamed instead. Raises HttpError and ClientGone."""
        if scope["method"] == "HEAD":
            # The server leaves out the body of the response to GET.
            scope = {**scope, "method": "GET"}
        if scope["method"] not in {"GET", "POST"}:
            raise HttpError(405, BadRequest("Use POST, or GET for queries."), {"allow": "GET, HEAD, OPTIONS, POST"})
        if encoding is ContentEncoding.NONE:
            raise HttpError(406, BadRequest("Accept the content encoding gzip or identity."))
        body = await read_body(receive) if scope["method"] == "POST" else b""
        # Of fields that come more than once, the first one.
        headers: dict[bytes, bytes] = dict(reversed(scope["headers"]))
        cacheable = cacheable_request(
            scope,
            headers,
            body,
            encoding,
            with_address=self._operations.follows_address,
            documents_generation=self._operations.documents_generation,
        )
        cached = self._responses.get(cacheable.key) if cacheable and self._responses.is_on else None
        if cacheable and cached:
            answer = from_cache(cacheable, cached, self._responses, self._monotonic())
            self._operations.count_cached(cached.response.report)
            return _Outcome(answer, cached.response.report)
        credential = b""
        if _CREDENTIAL in headers:
            credential = (cacheable.key if cacheable else response_key(headers[_CREDENTIAL], ())).credential
        refused = self._refusals.find(cacheable.key.parts, scope["headers"], scope["client"]) if cacheable else None
        has_to_wait = refused is None and bool(credential) and not self._refusals.begin(credential)
        if has_to_wait:
            refused = self._refusals.crowded(credential, headers.get(b"accept", b""))
        if refused is not None:
            self._operations.count_cached(refused.report)
            return _Outcome(refused.answer(request_id.get()), refused.report)
        if has_to_wait:
            await self._refusals.turn(credential)
        return await self._respond(scope, receive, headers, body, cacheable)

    async def _respond(
        self,
        scope: Scope,
        receive: Receive,
        headers: Mapping[bytes, bytes],
        body: bytes,
        cacheable: CacheableRequest | None,
    ) -> _Outcome | _Streamed:
        accept = headers.get(b"accept")
        media_type = response_media_type(accept)
        posted = read_request(scope, headers, body)
        fields = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"] if name in _READ]
        try:
            operation, use = await self._operations.operation(posted, sender_of(fields))
        except DocumentInvalid as refused:
            result = Result(None, tuple(refused.errors), is_request_error=True)
            written = _STREAM_FORMATS.get(media_type)
            answer = written.refusal(result) if written else _answer(result, media_type)
            return _Outcome(answer, invalid(result.errors, posted.operation_name))
        if operation.kind is OperationType.SUBSCRIPTION:
            media_type = stream_media_type(accept or b"")
        written = _STREAM_FORMATS.get(media_type)
        if scope["method"] == "GET" and operation.kind is OperationType.MUTATION:
            raise HttpError(405, BadRequest("GET is for queries: send this operation with POST."), {"allow": "POST"})
        try:
            is_stream = operation.kind is OperationType.SUBSCRIPTION
            named = with_credential(scope, fields, self._stream_tokens, is_stream=is_stream)
            caller = await self._operations.caller(named, scope["client"][0] if scope["client"] else None)
        except GatewayError as error:
            answer = _failed_access(error, JSON if written else media_type)
            return _Outcome(answer, refusal(error, operation.kind.value, operation.label))
        call = self._operations.call(operation, posted.variables, caller, use)
        if written:
            return _Streamed(call, written)
        if call.kind is OperationType.QUERY:
            return await self._query(receive, call, cacheable, media_type)
        # A write is finished even if nobody waits for the response.
        result = await call.result()
        answer = _answer(result, media_type).plus(*call.limit_headers())
        return _Outcome(answer, call.report(result))

    async def _query(
        self, receive: Receive, call: Call, cacheable: CacheableRequest | None, media_type: str
    ) -> _Outcome:
        """Execute a query; abandon it if its client disconnects. Raises ClientGone."""
        if cacheable is not None and self._responses.is_on:
            call.expect_keeping()
        watcher = DisconnectWatcher(receive, call)
        try:
            result = await call.result()
        finally:
            watcher.stop()
        if watcher.is_disconnected:
            raise ClientGone
        expires_at, report = call.expires_at, call.report(result)
        if result.errors or cacheable is None or expires_at is None:
            answer = _answer(result, media_type)
            if cacheable is not None and expires_at is None:
                # Nothing of the player is in it.
                self._refusals.learn(cacheable.key.parts, result, call.failed_reads, answer, report)
            return _Outcome(answer.plus(*call.limit_headers()), report)
        answer = encoded_response(encoded(graphql_response(result)), status=200, media_type=media_type)
        answer = with_cache_headers(cacheable, answer, max(0, expires_at - self._monotonic()))
        if self._responses.is_on:
            cached = stored_answer(answer.plus(_CACHED), report.as_cached())
            call.keep(self._responses, cacheable.key, cached, len(answer.body), expires_at)
        answer = conditional(cacheable.validator, answer.plus(*_execution(result), *call.limit_headers()))
        return _Outcome(answer, report)


class DisconnectWatcher:
    """Abandons a call if its client disconnects, once it takes longer than `_WATCHED_AFTER_SECONDS`.

    Reading ahead on the connection costs a task, and most calls are answered sooner.
    """

    def __init__(self, receive: Receive, call: Call) -> None:
        self.is_disconnected = False
        self._receive = receive
        self._call = call
        self._timer = asyncio.get_running_loop().call_later(_WATCHED_AFTER_SECONDS, self._start)
        self._task: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Stop reading from the connection."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            # The task holds this object as well, and its end is not awaited.
            self._task = None

    def _start(self) -> None:
        self._task = asyncio.ensure_future(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            continue
        self.is_disconnected = True
        self._call.abandon()


def _answer(result: Result, media_type: str) -> EncodedResponse:
    # The older media type has no status of its own for a request that was not executed.
    status = request_error_status(result) if result.is_request_error and media_type == GRAPHQL_RESPONSE else 200
    answer = json_response(graphql_response(result), status=status, media_type=media_type)
    return answer.plus(*_execution(result), *retry_after(result.errors))


def _execution(result: Result) -> HeaderPairs:
    return (_EXECUTED[result.execution.text],) if result.execution else ()


def _failed_access(error: GatewayError, media_type: str) -> EncodedResponse:
    if isinstance(error, AccessError):
        return error_response(401, error, media_type=media_type, headers={"www-authenticate": "Bearer"})
    return error_response(503, error, media_type=media_type)
