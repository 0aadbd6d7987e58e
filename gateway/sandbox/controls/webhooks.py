"""The log of webhooks as JSON under `/_sandbox/webhooks`: what was sent, what came back, what comes next."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.http.params import page_window
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_outbox import (
    Attempt,
    LoggedWebhook,
    WebhookKind,
    count_webhooks,
    latest_webhooks,
)
from gateway.sandbox.storage.webhook_settings import redacted_url

PATH = PREFIX + "/webhooks"
LARGEST_PAGE = 50


class AttemptResponse(msgspec.Struct, frozen=True):
    """An attempt; when nothing came back `status` is null and `detail` names what went wrong."""

    number: int
    date: str
    url: str
    status: int | None
    detail: str


class WebhookResponse(msgspec.Struct, frozen=True):
    """A webhook; `next_attempt` is a date as long as another attempt follows, `outcome` is how it ended after that.

    Both are null for a webhook that waits for an earlier one of the same order.
    """

    webhook_id: int
    project_id: int
    order_id: int
    notification_type: WebhookKind
    created: str
    outcome: str | None
    next_attempt: str | None
    attempts: tuple[AttemptResponse, ...]


class WebhookPage(msgspec.Struct, frozen=True):
    """A page of the log, the newest webhook first."""

    items: tuple[WebhookResponse, ...]
    has_more: bool
    total_items_count: int


class WebhookControls:
    """Lists webhooks with their attempts."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the log."""
        self._database = database

    def routes(self) -> list[Route]:
        """List the routes."""
        return [Route(PATH, self.list, methods=["GET"])]

    async def list(self, request: Request) -> Response:
        """Return a page of the log; `limit` and `offset` as in the vendor's lists."""
        return JsonResponse(load_webhook_page(self._database, request))


def load_webhook_page(database: Database, request: Request) -> WebhookPage:
    """Load the page of the log that `limit` and `offset` ask for; raises RefusedError."""
    window = page_window(request, LARGEST_PAGE)
    with database.read() as tx:
        total = count_webhooks(tx)
        logged = latest_webhooks(tx, window.stop - window.start, window.start)
    return WebhookPage(tuple(map(webhook_response, logged)), has_more=total > window.stop, total_items_count=total)


def webhook_response(logged: LoggedWebhook) -> WebhookResponse:
    """Describe a webhook, with dates in place of instants."""
    webhook = logged.webhook
    return WebhookResponse(
        webhook_id=webhook.webhook_id,
        project_id=webhook.project_id,
        order_id=webhook.order_id,
        notification_type=webhook.kind,
        created=iso_date(webhook.created_at),
        outcome=webhook.outcome,
        next_attempt=None if webhook.due_at is None else iso_date(webhook.due_at),
        attempts=tuple(map(_attempt_response, logged.attempts)),
    )


def _attempt_response(attempt: Attempt) -> AttemptResponse:
    url = redacted_url(attempt.url)
    return AttemptResponse(attempt.number, iso_date(attempt.at), url, attempt.status, attempt.detail)
