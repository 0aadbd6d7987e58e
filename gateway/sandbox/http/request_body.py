"""Reads request bodies up to a limit; JSON bodies of the sandbox's own calls are decoded as well."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from gateway.sandbox.errors import RefusedError

LARGEST_BODY = 65_536
_T = TypeVar("_T")


async def read_limited(request: Request, largest_bytes: int) -> bytes | None:
    """Read the body, None when it is larger than the limit: the rest of it is never held in memory."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest_bytes:
            return None
    return bytes(body)


async def read_json(request: Request, kind: type[_T]) -> _T:
    """Read the body as this type; raises RefusedError, which says what is wrong with it."""
    body = await read_limited(request, LARGEST_BODY)
    if body is None:
        raise RefusedError(f"The body is larger than {LARGEST_BODY} bytes")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(str(error)) from error
