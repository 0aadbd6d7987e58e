"""What operations came to, in the words that clients get."""

from collections.abc import Sequence

from graphql import GraphQLError

from gateway.errors import GatewayError
from gateway.execution.engine import Result
from gateway.telemetry.log import request_id
from gateway.web.errors import PublicError, present, present_failure


def graphql_response(result: Result) -> dict[str, object]:
    """A result as GraphQL answers it: without `data` where nothing was run, without `errors` where there are none."""
    errors = public_errors(result.errors)
    if result.is_request_error:
        return {"errors": errors}
    return {"data": result.data, "errors": errors} if errors else {"data": result.data}


def public_errors(errors: Sequence[GraphQLError]) -> list[PublicError]:
    """Errors of an operation, with their codes."""
    return present(errors, request_id.get())


def public_failure(error: GatewayError) -> list[PublicError]:
    """The one error of a request that fails as a whole."""
    return [present_failure(error, request_id.get())]
