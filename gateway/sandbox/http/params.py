"""Reads a request's parameters: ids in the path, `limit` and `offset` in the query."""

import re

from starlette.requests import HTTPConnection, Request

from gateway.sandbox.errors import RefusedError

# Both fit into the database's integers, with any input.
_ID = re.compile(r"[0-9]{1,18}")
_COUNT = re.compile(r"[0-9]{1,9}")


def path_id(request: HTTPConnection, name: str) -> int:
    """Read an id of the path; anything that cannot be an id is read as 0, which nothing has."""
    text = request.path_params[name]
    return int(text) if _ID.fullmatch(text) else 0


def page_window(request: Request, largest: int) -> slice:
    """Read `limit` and `offset`; without a limit, or with a larger one, a page is as large as it may be.

    What the upstream does with a larger limit is not documented. Its own sample calls send `limit=50` to lists with
    pages of 10 and of 30, so the page is shortened. Raises RefusedError for anything but whole numbers, and for 0.
    """
    limit = _count(request, "limit", largest)
    offset = _count(request, "offset", 0)
    if limit == 0:
        raise RefusedError("The property `limit` must be at least 1")
    return slice(offset, offset + min(limit, largest))


def _count(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not _COUNT.fullmatch(text):
        raise RefusedError(f"The property `{name}` must be a whole number")
    return int(text)
