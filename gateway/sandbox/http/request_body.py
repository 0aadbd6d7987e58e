"""JSON bodies of the sandbox's own calls."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from gateway.sandbox.errors import RefusedError

LARGEST_BODY = 65_536
_T = TypeVar("_T")


async def read_json(request: Request, kind: type[_T]) -> _T:
    """Read the body as this type; raises RefusedError, which says what is wrong with it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RefusedError(f"The body is larger than {LARGEST_BODY} bytes")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(str(error)) from error
