"""The forms of the sandbox's pages: each does one thing, and leads back to the page that it was on."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.sandbox.errors import ApiError, RefusedError
from gateway.sandbox.http.request_body import LARGEST_BODY, read_limited
from gateway.sandbox.pages.rendering import PageRenderer

Form = Mapping[str, str]
_T = TypeVar("_T")


async def read_form(request: Request) -> Form:
    """Read the fields of a form that have a value; of a body that is too large there are none."""
    body = await read_limited(request, LARGEST_BODY) or b""
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}


def read_fields(form: Form, kind: type[_T]) -> _T:
    """Read a form's fields as this type; raises RefusedError, which names the field that is wrong."""
    try:
        return msgspec.convert(form, kind, strict=False)
    except msgspec.ValidationError as error:
        raise RefusedError(str(error)) from error


class Acting:
    """Carries out what a form asks for, then redirects, so that a reload repeats nothing."""

    def __init__(self, renderer: PageRenderer) -> None:
        """Take what renders refusals."""
        self._renderer = renderer

    async def __call__(self, request: Request, act: Callable[[Form], str]) -> Response:
        """Read the form and act on it; `act` returns the notice's code."""
        form = await read_form(request)
        try:
            notice = act(form)
        except ApiError as error:
            return self._renderer.refusal(request, error)
        return RedirectResponse(_back(form.get("back", "/"), notice), status_code=303)


def _back(address: str, notice: str) -> str:
    """The page of the sandbox that a form was on, with a notice in place of an older one; else the first page."""
    parts = urlsplit(address)
    path = "/" if parts.scheme or parts.netloc or not parts.path.startswith("/") else parts.path
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "notice"]
    return f"/{path.lstrip('/')}?{urlencode([*query, ('notice', notice)])}"
