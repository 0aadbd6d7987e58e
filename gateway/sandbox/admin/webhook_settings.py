"""Webhook settings: read and replace (admin contract, 8)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, no_content
from gateway.sandbox.errors import DetailsFormat, NotFoundError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_settings import WebhookSettings, find_webhook_settings, set_webhook_settings


class WebhookBody(msgspec.Struct, frozen=True):
    """Where webhooks go. The upstream requires a public HTTPS address; the sandbox accepts any HTTP one."""

    url: Annotated[str, Meta(max_length=2048, pattern=r"^https?://[^\s/?#@]+([/?#]\S*)?\Z")]
    secret: Annotated[str, Meta(min_length=1, max_length=255)]
    is_enabled: bool
    version: Literal[1, 2] = 1


class WebhookResponse(msgspec.Struct, frozen=True):
    """The settings; the documented response has no version."""

    url: str
    secret: str
    is_enabled: bool


_decode = msgspec.json.Decoder(WebhookBody).decode


class WebhookCalls:
    """Read and replace the project's webhook settings."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.LIST)

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        return [
            Route("/webhook", self.get, methods=["GET"], name="get-webhook"),
            Route("/webhook", self.put, methods=["PUT"], name="update-webhook"),
        ]

    async def get(self, request: Request) -> Response:
        """Return the settings; 404 when none were stored."""
        with self._calls.read() as tx:
            settings = find_webhook_settings(tx, path_id(request, "project_id"))
        if settings is None:
            raise NotFoundError("Webhook settings not found")
        return JsonResponse(WebhookResponse(settings.url, settings.secret, settings.is_enabled))

    async def put(self, request: Request) -> Response:
        """Replace the settings."""
        body = await self._calls.body(request, _decode)
        settings = WebhookSettings(body.url, body.secret, body.is_enabled, body.version)
        with self._calls.write() as tx:
            set_webhook_settings(tx, path_id(request, "project_id"), settings)
        return no_content()
