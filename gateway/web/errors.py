"""Errors in public words: every one with its code, `retryable` and the request id; unknown ones masked and logged."""

import logging
from collections.abc import Iterable

from graphql import GraphQLError

from gateway.errors import BadUserInput, GatewayError, RateLimited
from gateway.telemetry import log

logger = logging.getLogger(__name__)

PublicError = dict[str, object]


def present(errors: Iterable[GraphQLError], request_id: str) -> list[PublicError]:
    """Errors of an operation as they are answered."""
    return [_present(error, request_id) for error in errors]


def present_failure(error: GatewayError, request_id: str) -> PublicError:
    """An error of the request as a whole, as it is answered."""
    return _present(GraphQLError(error.message, original_error=error), request_id)


def _present(error: GraphQLError, request_id: str) -> PublicError:
    failure = _failure(error)
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
    if isinstance(failure, RateLimited):
        extensions["retryAfterSeconds"] = failure.retry_after_seconds
    public["extensions"] = extensions
    return public


def _failure(error: GraphQLError) -> GatewayError:
    """What stands behind a GraphQL error: ours, the executor's own about an argument, or one nobody expected."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    if isinstance(original, GatewayError):
        return original
    if original is None:
        return BadUserInput(error.message)
    log.event(logger, logging.ERROR, "unexpected_error", error=original, path=_dotted(error))
    return GatewayError()


def _dotted(error: GraphQLError) -> str:
    return ".".join(map(str, error.path or ()))
