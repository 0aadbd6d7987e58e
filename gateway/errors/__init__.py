"""Every error that the gateway raises on purpose, and the public code that each one carries.

GatewayError
├── RequestError                 the request itself is wrong; nothing was asked of the upstream
│   ├── BadRequest               BAD_REQUEST
│   ├── ParseFailed              GRAPHQL_PARSE_FAILED
│   ├── ValidationFailed         GRAPHQL_VALIDATION_FAILED
│   ├── BadUserInput             BAD_USER_INPUT
│   ├── LimitExceeded            LIMIT_EXCEEDED
│   ├── IntrospectionDisabled    INTROSPECTION_DISABLED
│   ├── DocumentNotTrusted       DOCUMENT_NOT_TRUSTED
│   ├── PersistedQueryNotFound        PERSISTED_QUERY_NOT_FOUND
│   └── PersistedQueryNotSupported    PERSISTED_QUERY_NOT_SUPPORTED
├── AccessError                  the caller is not known, or is not allowed
│   ├── Unauthenticated          UNAUTHENTICATED
│   ├── TokenExpired             TOKEN_EXPIRED
│   └── Forbidden                FORBIDDEN
├── UpstreamError                the upstream gave no usable answer
│   ├── RateLimited              RATE_LIMITED
│   ├── UpstreamTimeout          UPSTREAM_TIMEOUT
│   ├── UpstreamUnavailable      UPSTREAM_UNAVAILABLE
│   ├── UpstreamInvalid          UPSTREAM_INVALID
│   └── OutcomeUnknown           OUTCOME_UNKNOWN
├── Overloaded                   OVERLOADED
├── KeyRefused                   the idempotency key cannot be used for this write; mutations turn it into `userErrors`
│   ├── KeyInUse
│   └── KeyConflict
└── Refusal                      the upstream refused the call; mutations turn it into `userErrors`
    └── NotFound

Any other exception is INTERNAL: masked for the client, logged with its traceback. `gateway.errors.internal` has those
that one room raises for another.

UsageError                       a setting or an option cannot be used; commands print it and exit with 2
├── SettingError
├── ListenError
├── RecordsUnusable
├── StoreUnusable
├── DocumentsUnusable
└── ExplainError
"""

from typing import ClassVar

from gateway.errors.codes import ErrorCode


class GatewayError(Exception):
    """An error with a public code. Its text is safe to show and says what to do.

    `upstream_code` is the upstream's `errorCode` (client contract, 7), which clients see. `transaction_id` is its
    number for support, which is only logged. `retry_after_seconds` says when to come back, where that is known.
    `upstream_message` is its sentence for developers, if clients may see it. `wait_seconds` is how long the
    upstream wants no such call, and `is_unsent` says that certainly nothing was sent to it; clients see neither.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL
    is_retryable: ClassVar[bool] = False
    text: ClassVar[str] = "Something went wrong in the gateway. Report it with the request id."

    def __init__(
        self, message: str | None = None, *, upstream_code: int | None = None, transaction_id: str | None = None
    ) -> None:
        self.message = message or self.text
        self.upstream_code = upstream_code
        self.transaction_id = transaction_id
        self.upstream_message: str | None = None
        self.retry_after_seconds: int | None = None
        self.wait_seconds: int | None = None
        self.is_unsent = False
        super().__init__(self.message)


class RequestError(GatewayError):
    """The request is wrong. The same request fails again."""

    code = ErrorCode.BAD_REQUEST


class BadRequest(RequestError):
    """The request is not a GraphQL request: broken JSON, wrong types, a missing query."""

    text = "The request is not a valid GraphQL request."


class ParseFailed(RequestError):
    """The document has a syntax error."""

    code = ErrorCode.GRAPHQL_PARSE_FAILED
    text = "The document could not be parsed."


class ValidationFailed(RequestError):
    """The document is not valid for the schema."""

    code = ErrorCode.GRAPHQL_VALIDATION_FAILED
    text = "The document is not valid for the schema."


class BadUserInput(RequestError):
    """A variable or an argument has a value that the schema or the gateway does not accept."""

    code = ErrorCode.BAD_USER_INPUT
    text = "An argument has a value that is not allowed."


class LimitExceeded(RequestError):
    """The request exceeds a limit of the gateway, such as its size or depth."""

    code = ErrorCode.LIMIT_EXCEEDED
    text = "The request exceeds a limit of the gateway."


class DocumentNotTrusted(RequestError):
    """The document is in no manifest, and only those of manifests run."""

    code = ErrorCode.DOCUMENT_NOT_TRUSTED
    text = "Only trusted documents run here, and this is none. Add it to a manifest in GATEWAY_DOCUMENTS_DIR."


class PersistedQueryNotFound(RequestError):
    """No document has the id or hash of the request.

    Clients compare the text letter by letter, here and below, and send the document when they read it.
    """

    code = ErrorCode.PERSISTED_QUERY_NOT_FOUND
    text = "PersistedQueryNotFound"


class PersistedQueryNotSupported(RequestError):
    """The request has an id or a hash in place of a document, and none are known here."""

    code = ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED
    text = "PersistedQueryNotSupported"


class IntrospectionDisabled(RequestError):
    """The document queries the schema, and introspection is off."""

    code = ErrorCode.INTROSPECTION_DISABLED
    text = (
        "Introspection (`__schema`, `__type`) is off. Use the project's `schema.graphql`, or set "
        "GATEWAY_INTROSPECTION to `on`."
    )


class AccessError(GatewayError):
    """The caller is unknown, or is not allowed to do this."""

    code = ErrorCode.UNAUTHENTICATED


class Unauthenticated(AccessError):
    """The credential is missing, malformed or rejected."""

    text = "The player's token is missing or not accepted. Sign in and send it as `Authorization: Bearer <token>`."


class TokenExpired(AccessError):
    """The player's token has expired."""

    code = ErrorCode.TOKEN_EXPIRED
    text = "The player's token has expired. Refresh it and send the request again."


class Forbidden(AccessError):
    """The upstream knows the player and does not allow the call (HTTP 403)."""

    code = ErrorCode.FORBIDDEN
    text = "The upstream does not allow this call for this player."


class UpstreamError(GatewayError):
    """The upstream gave no usable answer."""

    code = ErrorCode.UPSTREAM_UNAVAILABLE
    is_retryable = True


class RateLimited(UpstreamError):
    """The upstream demands fewer calls (HTTP 429); `retry_after_seconds` says how long to wait."""

    code = ErrorCode.RATE_LIMITED
    text = "Too many requests. Wait `retryAfterSeconds`, then try again."

    def __init__(
        self, retry_after_seconds: int, *, upstream_code: int | None = None, transaction_id: str | None = None
    ) -> None:
        super().__init__(upstream_code=upstream_code, transaction_id=transaction_id)
        self.retry_after_seconds = retry_after_seconds


class UpstreamTimeout(UpstreamError):
    """The upstream did not answer a read in time."""

    code = ErrorCode.UPSTREAM_TIMEOUT
    text = "The upstream did not answer in time. Try again."


class UpstreamUnavailable(UpstreamError):
    """The upstream could not be reached, closed the connection, or answered 5xx to a read.

    `retry_after_seconds` says when to come back, if the upstream said so.
    """

    text = "The upstream cannot be reached right now. Try again later."


class UpstreamInvalid(UpstreamError):
    """The upstream's answer is not what its contract describes."""

    code = ErrorCode.UPSTREAM_INVALID
    is_retryable = False
    text = "The upstream sent an answer that cannot be used."


class OutcomeUnknown(UpstreamError):
    """The answer to a write was lost: the upstream may or may not have carried it out."""

    code = ErrorCode.OUTCOME_UNKNOWN
    is_retryable = False
    text = (
        "The upstream did not confirm the action, which may have been carried out. Send it again with the same "
        "idempotency key to get its outcome, or read the chain before you try again."
    )


class Overloaded(GatewayError):
    """There is no room, and nothing was sent; `retry_after_seconds` says when to return, `call` for which call."""

    code = ErrorCode.OVERLOADED
    is_retryable = True
    text = "The gateway is busy. Try again in a moment."

    def __init__(self, message: str | None = None, *, retry_after_seconds: int = 1) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds
        self.call: str | None = None
        self.is_unsent = True


class KeyRefused(GatewayError):
    """The idempotency key belongs to another write, or to one in progress; nothing was sent for this one."""

    code = ErrorCode.BAD_USER_INPUT
    text = "The idempotency key cannot be used for this write."


class KeyInUse(KeyRefused):
    """The first write with this key is still in progress. The same key gets its answer later."""

    is_retryable = True


class KeyConflict(KeyRefused):
    """The key was used for another write or with other arguments."""


class Refusal(GatewayError):
    """The upstream refused a call (400, 409, 422). Mutations find the reason in the chain's state."""

    code = ErrorCode.UPSTREAM_INVALID
    text = "The upstream refused the call."


class NotFound(Refusal):
    """The upstream does not know the chain, step or order (404)."""

    text = "The upstream does not know this chain, step or order."


class UsageError(Exception):
    """A setting or an option cannot be used. The text says what to do and holds no secret."""


class SettingError(UsageError):
    """A setting is missing or malformed. The text names the variable and what it accepts, never its value."""


class ListenError(UsageError):
    """The server cannot listen on an address. The text says which and what to do."""


class RecordsUnusable(UsageError):
    """The records file cannot be used. The text says why and what to do."""


class StoreUnusable(UsageError):
    """The shared store cannot be used as it is set up; the text says why and what to do, and names no credential."""


class DocumentsUnusable(UsageError):
    """Trusted documents cannot be used. The text names the file and the id, and says why."""


class ExplainError(UsageError):
    """There is nothing to explain. The text says why."""
