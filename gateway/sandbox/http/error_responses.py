"""Error responses: the upstream's bodies, without internals such as stack traces."""

from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from gateway.sandbox.errors import ApiError, ErrorBody
from gateway.sandbox.http.responses import JsonResponse

_TRANSACTION_BYTES = 16


def exception_handlers(random_bytes: Callable[[int], bytes]) -> dict[type[Exception], ExceptionHandler]:
    """Build the handlers for refusals, for unknown paths and methods, and for errors of the sandbox itself."""

    async def refused(_: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)  # noqa: S101 - registered for this class
        return JsonResponse(error.envelope(random_bytes(_TRANSACTION_BYTES).hex()), error.status)

    return {ApiError: refused, HTTPException: _not_routed, Exception: _failed}


async def _not_routed(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    # The number 0 is documented for 405; for a path that does not exist none is.
    return _bare(error.status_code, error.detail, error.headers)


async def _failed(_: Request, __: Exception) -> Response:
    return _bare(500, "Internal error")


def _bare(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return JsonResponse(ErrorBody(status, 0, f"[0401-0]: {text}"), status, headers)
