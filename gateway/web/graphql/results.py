"""Results of operations, as clients get them."""

from collections.abc import Sequence

from graphql import GraphQLError

from gateway.errors import GatewayError, PersistedQueryNotFound, PersistedQueryNotSupported, RateLimited
from gateway.execution.engine import Result
from gateway.telemetry.log import request_id
from gateway.web.errors import PublicError, present, present_failure
from gateway.web.responses import HeaderPairs


def graphql_response(result: Result) -> dict[str, object]:
    """A result as a GraphQL response: without `data` if nothing was executed, without `errors` if there are none.

    `extensions.stale` tells that copies are in it, and how old the oldest is; `extensions.refresh` that it was too soon
    to refresh.
    """
    errors = public_errors(result.errors) if result.errors else []
    if result.is_request_error:
        return {"errors": errors}
    response: dict[str, object] = {"data": result.data}
    if errors:
        response["errors"] = errors
    extensions: dict[str, object] = {}
    if result.stale_seconds is not None:
        extensions["stale"] = {"ageSeconds": result.stale_seconds}
    if result.refresh_allowed_in is not None:
        extensions["refresh"] = {"isIgnored": True, "retryAfterSeconds": result.refresh_allowed_in}
    if extensions:
        response["extensions"] = extensions
    return response


def public_errors(errors: Sequence[GraphQLError]) -> list[PublicError]:
    """Errors of an operation, with their codes."""
    return present(errors, request_id.get())


def request_error_status(result: Result) -> int:
    """The HTTP status of a request that was not executed.

    200 for an id that is not known: some clients read the errors of no other status, and then never send the document.
    """
    causes = [error.original_error for error in result.errors]
    if any(isinstance(cause, PersistedQueryNotFound | PersistedQueryNotSupported) for cause in causes):
        return 200
    return 429 if any(isinstance(cause, RateLimited) for cause in causes) else 400


def retry_after(errors: Sequence[GraphQLError]) -> HeaderPairs:
    """`Retry-After`, where errors say when to come back: the latest of them."""
    causes = (error.original_error for error in errors)
    told = [cause.retry_after_seconds or 0 for cause in causes if isinstance(cause, GatewayError)]
    seconds = max(told, default=0)
    return ((b"retry-after", b"%d" % seconds),) if seconds else ()


def public_failure(error: GatewayError) -> list[PublicError]:
    """The one error of a request that fails as a whole."""
    return [present_failure(error, request_id.get())]
