"""Every error that the gateway raises on purpose, and the public code that each one carries.

GatewayError
├── RequestError                 the request itself is wrong; nothing was asked of the upstream
│   ├── BadRequest               BAD_REQUEST
│   ├── ParseFailed              GRAPHQL_PARSE_FAILED
│   ├── ValidationFailed         GRAPHQL_VALIDATION_FAILED
│   ├── BadUserInput             BAD_USER_INPUT
│   ├── LimitExceeded            LIMIT_EXCEEDED
│   └── IntrospectionDisabled    INTROSPECTION_DISABLED
├── AccessError                  who asks is not known, or may not
│   ├── Unauthenticated          UNAUTHENTICATED
│   ├── TokenExpired             TOKEN_EXPIRED
│   └── Forbidden                FORBIDDEN
├── UpstreamError                the upstream did not do its part
│   ├── RateLimited              RATE_LIMITED
│   ├── UpstreamTimeout          UPSTREAM_TIMEOUT
│   ├── UpstreamUnavailable      UPSTREAM_UNAVAILABLE
│   ├── UpstreamInvalid          UPSTREAM_INVALID
│   └── OutcomeUnknown           OUTCOME_UNKNOWN
├── Overloaded                   OVERLOADED
├── KeyRefused                   an idempotency key cannot stand for this write; mutations turn it into `userErrors`
│   ├── KeyInUse
│   └── KeyConflict
└── Refusal                      a business answer of the upstream; mutations turn it into `userErrors`
    └── NotFound

Anything else that escapes is INTERNAL: masked for the client, logged with its traceback.

UsageError                       what an operator typed or set cannot be used; commands print it and exit with 2
├── SettingError
├── ListenError
├── RecordsUnusable
├── StoreUnusable
└── ExplainError
"""

from enum import Enum
from typing import ClassVar


class ErrorCode(Enum):
    """The closed list of `extensions.code` values of top-level errors."""

    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    TOKEN_EXPIRED = "TOKEN_EXPIRED"  # noqa: S105 - a code, not a secret
    FORBIDDEN = "FORBIDDEN"
    RATE_LIMITED = "RATE_LIMITED"
    UPSTREAM_TIMEOUT = "UPSTREAM_TIMEOUT"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    UPSTREAM_INVALID = "UPSTREAM_INVALID"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    OVERLOADED = "OVERLOADED"
    INTERNAL = "INTERNAL"


class GatewayError(Exception):
    """An error with a public code; its text is safe to show and says what to do.

    `upstream_code` is the upstream's `errorCode` (client contract, 7), `transaction_id` its support number; the first
    is shown to clients, the second only logged.
    """

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL
    is_retryable: ClassVar[bool] = False
    text: ClassVar[str] = "Something went wrong in the gateway. Quote the request id when you report it."

    def __init__(
        self, message: str | None = None, *, upstream_code: int | None = None, transaction_id: str | None = None
    ) -> None:
        self.message = message or self.text
        self.upstream_code = upstream_code
        self.transaction_id = transaction_id
        super().__init__(self.message)


class RequestError(GatewayError):
    """The request is wrong as it stands; sending it again unchanged fails again."""

    code = ErrorCode.BAD_REQUEST


class BadRequest(RequestError):
    """Not a GraphQL request: broken JSON, wrong types, missing query."""

    text = "The request is not a valid GraphQL request."


class ParseFailed(RequestError):
    """The document is not GraphQL."""

    code = ErrorCode.GRAPHQL_PARSE_FAILED
    text = "The document could not be parsed."


class ValidationFailed(RequestError):
    """The document does not fit the schema."""

    code = ErrorCode.GRAPHQL_VALIDATION_FAILED
    text = "The document does not fit the schema."


class BadUserInput(RequestError):
    """A variable or an argument has a value that the schema or the gateway cannot take."""

    code = ErrorCode.BAD_USER_INPUT
    text = "An argument has a value that cannot be used."


class LimitExceeded(RequestError):
    """The request is larger or deeper than the gateway accepts."""

    code = ErrorCode.LIMIT_EXCEEDED
    text = "The request exceeds a limit of the gateway."


class IntrospectionDisabled(RequestError):
    """The document asks for the schema, which this gateway does not tell."""

    code = ErrorCode.INTROSPECTION_DISABLED
    text = (
        "Introspection (`__schema`, `__type`) is off here. Work with the project's `schema.graphql`, or have "
        "GATEWAY_INTROSPECTION set to `on`."
    )


class AccessError(GatewayError):
    """Who asks is unknown, or may not do this."""

    code = ErrorCode.UNAUTHENTICATED


class Unauthenticated(AccessError):
    """No usable credential: missing where one is needed, malformed, or rejected."""

    text = "The player's token is missing or not accepted. Sign in, and send it as `Authorization: Bearer <token>`."


class TokenExpired(AccessError):
    """The player's token was good once; a new one is needed."""

    code = ErrorCode.TOKEN_EXPIRED
    text = "The player's token has expired. Refresh it and send the request again."


class Forbidden(AccessError):
    """The upstream knows the player and refuses the call (HTTP 403)."""

    code = ErrorCode.FORBIDDEN
    text = "The upstream does not allow this call."


class UpstreamError(GatewayError):
    """The upstream did not give a usable answer."""

    code = ErrorCode.UPSTREAM_UNAVAILABLE
    is_retryable = True


class RateLimited(UpstreamError):
    """The upstream asked for fewer calls (HTTP 429); `retry_after_seconds` says when to come back."""

    code = ErrorCode.RATE_LIMITED
    text = "Too many requests. Wait `retryAfterSeconds`, then try again."

    def __init__(self, retry_after_seconds: int, *, upstream_code: int | None = None) -> None:
        super().__init__(upstream_code=upstream_code)
        self.retry_after_seconds = retry_after_seconds


class UpstreamTimeout(UpstreamError):
    """A read was not answered in time."""

    code = ErrorCode.UPSTREAM_TIMEOUT
    text = "The upstream did not answer in time. Try again."


class UpstreamUnavailable(UpstreamError):
    """The upstream could not be reached, broke off, or answered 5xx to a read."""

    text = "The upstream cannot be reached right now. Try again later."


class UpstreamInvalid(UpstreamError):
    """The upstream's answer is not what its contract describes."""

    code = ErrorCode.UPSTREAM_INVALID
    is_retryable = False
    text = "The upstream sent an answer that cannot be used."


class OutcomeUnknown(UpstreamError):
    """A write left the gateway and its answer was lost: it may or may not have been carried out."""

    code = ErrorCode.OUTCOME_UNKNOWN
    is_retryable = False
    text = (
        "The upstream did not confirm the action; it may have been carried out. Send it again with the same "
        "idempotency key to learn what became of it, or read the chain before trying anew."
    )


class Overloaded(GatewayError):
    """No upstream connection was free in time, or too much is open at a time; nothing was sent."""

    code = ErrorCode.OVERLOADED
    is_retryable = True
    text = "The gateway is busy. Try again in a moment."


class KeyRefused(GatewayError):
    """An idempotency key stands for another write, or for one that is not done; nothing was sent for this one."""

    code = ErrorCode.BAD_USER_INPUT
    text = "The idempotency key cannot be used for this."


class KeyInUse(KeyRefused):
    """The first write under this key is still under way; its answer is told to whoever asks later."""

    is_retryable = True


class KeyConflict(KeyRefused):
    """The key was used for something else, or with other arguments."""


class Refusal(GatewayError):
    """The upstream understood a call and said no (400, 409, 422); mutations explain it from the chain's state."""

    code = ErrorCode.UPSTREAM_INVALID
    text = "The upstream refused the call."


class NotFound(Refusal):
    """The upstream does not know the chain, step or order (404)."""

    text = "The upstream does not know this chain, step or order."


class UsageError(Exception):
    """What an operator typed or set cannot be used; the text says what to do, and holds no secret."""


class SettingError(UsageError):
    """A setting is missing or malformed; the text names the variable and says what it takes, never its value."""


class ListenError(UsageError):
    """An address cannot be listened on; the text says which and what to do."""


class RecordsUnusable(UsageError):
    """The file of records cannot be used; the text says why and what to do."""


class StoreUnusable(UsageError):
    """The shared store cannot be used as it is set up; the text says why and what to do, and names no credential."""


class ExplainError(UsageError):
    """There is nothing to explain; the text says why."""
