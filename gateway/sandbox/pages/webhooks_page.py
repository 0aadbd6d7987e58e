"""The page of webhooks: what was sent with which signature, to be sent again as it was, or altered."""

from typing import Annotated, Literal

import httpx
import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.errors import NotFoundError, RefusedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.pages.forms import read_fields, read_form
from gateway.sandbox.pages.paging import paging
from gateway.sandbox.pages.rendering import PAGES, PageRenderer
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_outbox import LoggedWebhook, count_webhooks, find_webhook, latest_webhooks
from gateway.sandbox.webhooks.sender import SignedWebhook, resign, send_once, sign_webhook

PATH = PAGES + "/webhooks"
_PAGE_SIZE = 20


class WebhookRow(msgspec.Struct, frozen=True):
    """A webhook with its attempts, and as it is sent: None where the project's webhooks are off."""

    logged: LoggedWebhook
    signed: SignedWebhook | None

    @property
    def state(self) -> str:
        """How it ended, or that it waits."""
        return self.logged.webhook.outcome or "waiting"


class ResendForm(msgspec.Struct, frozen=True):
    """What to send: the body, as it was or altered, signed again or with the signature of the one that was sent."""

    body: Annotated[str, Meta(max_length=60_000)] = ""
    signature: Literal["fitting", "old", "none"] = "fitting"
    action: Literal["again", "altered"] = "again"


class WebhooksPage:
    """Lists webhooks with their attempts, the newest first, and sends one again."""

    def __init__(
        self, database: Database, renderer: PageRenderer, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Take the database that holds the log, what renders the page, and a transport in place of the network."""
        self._database = database
        self._renderer = renderer
        self._transport = transport

    def routes(self) -> list[Route]:
        """List the routes."""
        return [
            Route(PATH, self.show, methods=["GET"]),
            Route(PATH + "/{webhook_id}", self.resend, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show a page of the log."""
        with self._database.read() as tx:
            shown = paging(request, _PAGE_SIZE, count_webhooks(tx))
            logged = latest_webhooks(tx, shown.size, shown.first)
            rows = [WebhookRow(one, sign_webhook(tx, one.webhook)) for one in logged]
        return self._renderer.page(request, "webhooks.html", webhooks=rows, paging=shown)

    async def resend(self, request: Request) -> Response:
        """Send a webhook once more and show what came back; its schedule and its log stay as they are."""
        try:
            form = read_fields(await read_form(request), ResendForm)
            signed = self._wanted(path_id(request, "webhook_id"), form)
        except (NotFoundError, RefusedError) as error:
            return self._renderer.refusal(request, error)
        result = await send_once(signed, self._transport)
        return self._renderer.page(request, "sent.html", signed=signed, result=result)

    def _wanted(self, webhook_id: int, form: ResendForm) -> SignedWebhook:
        with self._database.read() as tx:
            webhook = find_webhook(tx, webhook_id)
            if webhook is None:
                raise NotFoundError("Webhook not found")
            signed = sign_webhook(tx, webhook)
            if signed is None:
                raise RefusedError("The project's webhooks are switched off")
            if form.action == "again":
                return signed
            # Browsers send the line ends of a form as two characters.
            body = form.body.replace("\r\n", "\n").encode()
            if form.signature == "fitting":
                return resign(tx, webhook, signed, body)
        return msgspec.structs.replace(signed, body=body, signature=signed.signature if form.signature == "old" else "")
