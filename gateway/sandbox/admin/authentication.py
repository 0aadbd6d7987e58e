"""Authenticates publishers by HTTP Basic authentication (admin contract, 1)."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.sandbox.errors import ForbiddenError, PublisherUnauthorizedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.projects import find_project


class BasicAuthentication:
    """Passes on calls that carry the API key of the project that the path names.

    The user is the project's number or a merchant's; the sandbox accepts any number. A project that does not exist is
    refused in the same way as a wrong key.
    """

    def __init__(self, routes: Sequence[BaseRoute], database: Database) -> None:
        """Take the routes to protect; any other path is forbidden, as in the upstream."""
        self.routes = list(routes)
        self._router: ASGIApp = Router(self.routes, default=_forbid)
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; raises PublisherUnauthorizedError."""
        connection = HTTPConnection(scope)
        key = _api_key(connection.headers.get("authorization", ""))
        with self._database.read() as tx:
            project = find_project(tx, path_id(connection, "project_id"))
        if key is None or project is None or not hmac.compare_digest(key, project.api_key.encode()):
            raise PublisherUnauthorizedError
        await self._router(scope, receive, send)


def _api_key(header: str) -> bytes | None:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, key = base64.b64decode(credentials, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return key if user.isdigit() else None


async def _forbid(_: Scope, __: Receive, ___: Send) -> None:
    raise ForbiddenError
