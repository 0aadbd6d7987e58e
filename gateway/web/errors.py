"""Public errors: each has its code, `retryable` and the request id. Unexpected ones are masked and logged."""

import logging
from collections.abc import Iterable, Sequence

from graphql import GraphQLError

from gateway.errors import BadUserInput, GatewayError, LimitExceeded
from gateway.telemetry import log

logger = logging.getLogger(__name__)

PublicError = dict[str, object]

MAX_ERRORS = 100
"""The most errors in a response; one more says how many are left out."""

MAX_LOGGED = 3
"""The most unexpected errors of an operation in the log; one more line counts the others."""


def present(errors: Sequence[GraphQLError], request_id: str) -> list[PublicError]:
    """The public errors of an operation: the first `MAX_ERRORS`, and then how many more there were."""
    unexpected = [error for error in errors if _known(error) is None]
    for error in unexpected[:MAX_LOGGED]:
        log.event(logger, logging.ERROR, "unexpected_error", error=_original(error), path=_dotted(error))
    if len(unexpected) > MAX_LOGGED:
        log.event(logger, logging.ERROR, "more_unexpected_errors", count=len(unexpected) - MAX_LOGGED)
    public = [_present(error, request_id) for error in errors[:MAX_ERRORS]]
    if len(errors) > MAX_ERRORS:
        more = LimitExceeded(f"{len(errors) - MAX_ERRORS} more errors are left out. Ask for less at a time.")
        public.append(present_failure(more, request_id))
    return public


def codes_of(errors: Iterable[GraphQLError]) -> tuple[str, ...]:
    """The public codes of errors, each once, in the order of the alphabet."""
    return tuple(sorted({(_known(error) or GatewayError()).code.value for error in errors}))


def present_failure(error: GatewayError, request_id: str) -> PublicError:
    """The public error of a request that fails as a whole."""
    return _present(GraphQLError(error.message, original_error=error), request_id)


def _present(error: GraphQLError, request_id: str) -> PublicError:
    failure = _known(error) or GatewayError()
    public: PublicError = {"message": failure.message}
    if error.locations:
        public["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path is not None:
        public["path"] = list(error.path)
    extensions: dict[str, object] = {
        "code": failure.code.value,
        "retryable": failure.is_retryable,
        "requestId": request_id,
    }
    if failure.upstream_code is not None:
        extensions["upstreamCode"] = failure.upstream_code
    if failure.upstream_message is not None:
        extensions["upstreamMessage"] = failure.upstream_message
    if failure.retry_after_seconds is not None:
        extensions["retryAfterSeconds"] = failure.retry_after_seconds
    public["extensions"] = extensions
    return public


def _known(error: GraphQLError) -> GatewayError | None:
    """The cause of a GraphQL error: ours, or the executor's own about an argument; None if it is unexpected."""
    original = _original(error)
    if isinstance(original, GatewayError):
        return original
    return BadUserInput(error.message) if original is None else None


def _original(error: GraphQLError) -> Exception | None:
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    return original


def _dotted(error: GraphQLError) -> str:
    return ".".join(map(str, error.path or ()))
