"""GraphQL requests from HTTP requests: methods, media types and bodies (GraphQL over HTTP)."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from gateway.documents.ids import same_id
from gateway.errors import BadRequest, LimitExceeded, RequestError

MAX_BODY_BYTES = 65_536
MAX_NESTING = 32

MAX_ACCEPT_LENGTH = 1_000
"""Characters of an `Accept` header; browsers send about 150. The parsed header is cached, so its length is limited."""

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed;subscriptionSpec=1.0"
"""What Apollo's clients take subscriptions as; `multipart/mixed` alone, or for `@defer`, is something else."""

STREAMED = (EVENT_STREAM, MULTIPART)
"""The types of streams, the one first that is taken where a client likes both."""

_SUBSCRIPTION_SPEC = "subscriptionspec=1.0"
_CHARSETS = {"utf-8", "utf8", "us-ascii"}
"""UTF-8 as clients name it, and encodings that are a part of it."""

_USUAL_CONTENT = frozenset({JSON.encode(), f"{JSON}; charset=utf-8".encode()})


class GraphQLRequest(Struct, frozen=True, rename="camel"):
    """A GraphQL request: a document or its id, the name of an operation, and the variables.

    Clients name the id `documentId` (GraphQL over HTTP), `doc_id` (Relay), `id` (Strawberry Shake), or as a hash in
    `extensions` (Apollo).
    """

    query: str | None = None
    document_id: str | None = None
    doc_id: str | None = field(default=None, name="doc_id")
    id: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None

    @property
    def sha256_hash(self) -> str | None:
        """The hash of an automatic persisted query. Raises BadRequest."""
        persisted = self.extensions and self.extensions.get("persistedQuery")
        if not persisted:
            return None
        given = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
        if not isinstance(given, str):
            raise BadRequest("`extensions.persistedQuery` must have `sha256Hash`.")
        return given

    def named(self) -> tuple[str | None, bool]:
        """The id that the request gives, and whether that is a hash. Raises BadRequest if it gives several."""
        if self.query and not (self.document_id or self.doc_id or self.extensions):
            return None, False
        sha256 = self.sha256_hash
        # Beside a document, `id` is whatever the client means by it.
        own_id = None if self.query else self.id
        given = {same_id(one) for one in (self.document_id, self.doc_id, own_id, sha256) if one}
        if len(given) > 1:
            raise BadRequest("All ids in the request must name the same document.")
        if not given and self.query is None:
            raise BadRequest("The request needs `query`, or `documentId`.")
        return (given.pop() if given else None), sha256 is not None


class HttpError(Exception):
    """An HTTP request that is refused: its status, its error, and headers that say what is accepted."""

    def __init__(self, status: int, error: RequestError, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.error = error
        self.headers = headers or {}
        super().__init__(error.message)


_decode = msgspec.json.Decoder(GraphQLRequest).decode
_decode_object = msgspec.json.Decoder(dict[str, Any]).decode


def response_media_type(accept: bytes | None) -> str:
    """The media type of the response to one operation; one of `STREAMED` where the client prefers it to JSON.

    A client that names no preference gets `application/json`: every client reads it. Raises HttpError when the client
    takes none of them (406), or the header is too long (431).
    """
    if accept is not None and len(accept) > MAX_ACCEPT_LENGTH:
        raise HttpError(431, LimitExceeded(f"The Accept header may have {MAX_ACCEPT_LENGTH} characters at most."))
    return _response_media_type(accept)


@lru_cache(maxsize=64)
def _response_media_type(accept: bytes | None) -> str:
    weights = qualities(accept.decode("latin-1") if accept else "*/*")
    wildcard = max(weights.get("*/*", 0), weights.get("application/*", 0))
    as_json = weights.get(JSON, wildcard)
    streamed = max(STREAMED, key=lambda media_type: weights.get(media_type, 0))
    if weights.get(streamed, 0) > max(as_json, weights.get(GRAPHQL_RESPONSE, wildcard)):
        return streamed
    if weights.get(GRAPHQL_RESPONSE, 0) >= (as_json or 1):
        return GRAPHQL_RESPONSE
    if as_json:
        return JSON
    if weights.get(GRAPHQL_RESPONSE, wildcard):
        return GRAPHQL_RESPONSE
    raise HttpError(406, BadRequest(f"Accept {GRAPHQL_RESPONSE}, {JSON} or {EVENT_STREAM}."))


def stream_media_type(accept: bytes) -> str:
    """Which of `STREAMED` a subscription is answered in. Raises HttpError (406) if the client accepts none of them."""
    weights = qualities(accept.decode("latin-1"))
    streamed = max(STREAMED, key=lambda media_type: weights.get(media_type, 0))
    if not weights.get(streamed):
        wanted = f"`Accept: {EVENT_STREAM}` (or `{MULTIPART}`), or a WebSocket"
        raise HttpError(406, BadRequest(f"A subscription needs {wanted}."))
    return streamed


def qualities(accept: str) -> dict[str, float]:
    """What a header of the kind of `Accept` lists, in lower case, with its weights."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        media_range, *parameters = (text.strip().lower() for text in part.split(";"))
        given = [text[2:].strip() for text in parameters if text.startswith("q=")]
        if media_range == "multipart/mixed" and _SUBSCRIPTION_SPEC in {text.replace('"', "") for text in parameters}:
            media_range = MULTIPART
        weights[media_range] = _quality(given[0]) if given else 1.0
    return weights


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


async def read_body(receive: Receive) -> bytes:
    """The body of a request. Raises HttpError if it is too large, ClientDisconnect if it does not come."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        body = body + chunk if body else chunk
        if len(body) > MAX_BODY_BYTES:
            raise HttpError(413, LimitExceeded(f"The body may have {MAX_BODY_BYTES} bytes at most."))
        if not message.get("more_body", False):
            return body


def read_request(scope: Scope, headers: Mapping[bytes, bytes], body: bytes) -> GraphQLRequest:
    """The GraphQL request in a GET's query string or a POST's body, by its headers. Raises HttpError."""
    if scope["method"] == "GET":
        posted = _from_query(QueryParams(scope["query_string"]))
    else:
        _check_content(headers)
        posted = _from_body(body.removeprefix(BOM_UTF8))
    in_path = scope.get("path_params", {}).get("document_id")
    if in_path is not None:
        if posted.document_id is not None:
            raise HttpError(400, BadRequest("Name the document in the path or in `documentId`, not in both."))
        posted = replace(posted, document_id=in_path)
    try:
        posted.named()
    except BadRequest as error:
        raise HttpError(400, error) from None
    return posted


def _from_query(parameters: QueryParams) -> GraphQLRequest:
    return GraphQLRequest(
        query=parameters.get("query"),
        document_id=parameters.get("documentId"),
        doc_id=parameters.get("doc_id"),
        id=parameters.get("id"),
        operation_name=parameters.get("operationName") or None,
        variables=_bounded(_object(parameters, "variables")),
        extensions=_object(parameters, "extensions"),
    )


def _object(parameters: QueryParams, name: str) -> dict[str, Any] | None:
    text = parameters.get(name)
    try:
        return _decode_object(text.encode()) if text else None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise HttpError(400, BadRequest(f"`{name}` must be a JSON object.")) from None


def _check_content(headers: Mapping[bytes, bytes]) -> None:
    """Only JSON is accepted: any web page may post a form or text without a preflight request."""
    content_type = headers.get(b"content-type", b"")
    if content_type not in _USUAL_CONTENT and not _is_json(content_type.decode("latin-1")):
        raise HttpError(415, BadRequest(f"Send `Content-Type: {JSON}` in UTF-8."), {"accept": JSON})
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise HttpError(415, BadRequest("Send the body without Content-Encoding."), {"accept-encoding": "identity"})


def _is_json(content_type: str) -> bool:
    media_type, *parameters = content_type.lower().replace(" ", "").replace('"', "").split(";")
    charsets = [one.removeprefix("charset=") for one in parameters if one.startswith("charset=")]
    return media_type == JSON and _CHARSETS.issuperset(charsets)


def _from_body(body: bytes) -> GraphQLRequest:
    if body.lstrip()[:1] == b"[":
        raise HttpError(400, BadRequest("Send one operation in a request: batches are not supported."))
    try:
        posted = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise HttpError(400, BadRequest(f"The body is not a GraphQL request: {error}.")) from None
    _bounded(posted.variables)
    return posted


def _bounded(variables: dict[str, Any] | None) -> dict[str, Any] | None:
    if not variables:
        return variables
    try:
        check_nesting(variables)
    except LimitExceeded as error:
        raise HttpError(400, error) from None
    return variables


def check_nesting(variables: Mapping[str, object] | None) -> None:
    """Raise LimitExceeded for variables that are nested too deep for the code that walks them."""
    level: list[object] = [variables]
    for _ in range(MAX_NESTING):
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise LimitExceeded(f"`variables` may nest {MAX_NESTING} levels at most.")


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
