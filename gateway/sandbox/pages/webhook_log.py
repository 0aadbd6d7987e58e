"""The log of webhooks: what was sent, what was answered, what comes next; as JSON and as a page."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.orders import PREFIX
from gateway.sandbox.http.params import page_window
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.pages.rendering import fill_template, html_page
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_outbox import Attempt, LoggedWebhook, WebhookKind, count_webhooks, latest_webhooks
from gateway.sandbox.storage.webhook_settings import redacted_url

PATH = PREFIX + "/webhooks"
PAGE_PATH = PATH + "/log"
LARGEST_PAGE = 50


class WebhookResponse(msgspec.Struct, frozen=True):
    """A webhook; `next_attempt` is a date while it is under way, `outcome` what became of it after that.

    Both are null for one that comes after another of the same order.
    """

    webhook_id: int
    project_id: int
    order_id: int
    notification_type: WebhookKind
    created: str
    outcome: str | None
    next_attempt: str | None
    attempts: tuple["AttemptResponse", ...]


class AttemptResponse(msgspec.Struct, frozen=True):
    """An attempt; without an answer `status` is null and `detail` names what went wrong."""

    number: int
    date: str
    url: str
    status: int | None
    detail: str


class WebhookPage(msgspec.Struct, frozen=True):
    """A page of the log, the newest webhook first."""

    items: tuple[WebhookResponse, ...]
    has_more: bool
    total_items_count: int


class WebhookLog:
    """Shows the log."""

    def __init__(self, database: Database) -> None:
        """Take the database in which it is."""
        self._database = database

    def routes(self) -> list[Route]:
        """Name the paths."""
        return [Route(PATH, self.list, methods=["GET"]), Route(PAGE_PATH, self.show, methods=["GET"])]

    async def list(self, request: Request) -> Response:
        """Answer a page of the log; `limit` and `offset` as in the vendor's lists."""
        return JsonResponse(self._page(request))

    async def show(self, request: Request) -> Response:
        """Show a page of the log to a person."""
        shown = self._page(request)
        count = {"count": str(shown.total_items_count)}
        return html_page("Webhooks", fill_template("webhooks.html", count, rows=webhook_rows(shown.items)))

    def _page(self, request: Request) -> WebhookPage:
        window = page_window(request, LARGEST_PAGE)
        with self._database.read() as tx:
            total = count_webhooks(tx)
            logged = latest_webhooks(tx, window.stop - window.start, window.start)
        return WebhookPage(tuple(map(describe, logged)), has_more=total > window.stop, total_items_count=total)


def describe(logged: LoggedWebhook) -> WebhookResponse:
    """Tell of a webhook with dates in place of instants."""
    webhook = logged.webhook
    return WebhookResponse(
        webhook_id=webhook.webhook_id,
        project_id=webhook.project_id,
        order_id=webhook.order_id,
        notification_type=webhook.kind,
        created=iso_date(webhook.created_at),
        outcome=webhook.outcome,
        next_attempt=None if webhook.due_at is None else iso_date(webhook.due_at),
        attempts=tuple(map(_describe_attempt, logged.attempts)),
    )


def webhook_rows(webhooks: Sequence[WebhookResponse]) -> str:
    """Draw webhooks with their attempts as rows of a log."""
    return "".join(map(_row, webhooks)) or fill_template("nothing.html", {"text": "None yet."})


def short_date(date: str) -> str:
    """Write an ISO date for a table: without the T, in UTC as all of them are."""
    return date.removesuffix("+00:00").replace("T", " ")


def _row(webhook: WebhookResponse) -> str:
    texts = {
        "webhook_id": str(webhook.webhook_id),
        "project_id": str(webhook.project_id),
        "order_id": str(webhook.order_id),
        "kind": webhook.notification_type,
        "created": short_date(webhook.created),
        "outcome": (webhook.outcome or "waiting").replace("_", " "),
        "state": webhook.outcome or "waiting",
        "next": _next(webhook),
    }
    attempts = "".join(map(_attempt_row, webhook.attempts))
    return fill_template(
        "webhook.html", texts, attempts=fill_template("attempts.html", {}, attempts=attempts) if attempts else ""
    )


def _next(webhook: WebhookResponse) -> str:
    if webhook.next_attempt:
        return f"· next attempt {short_date(webhook.next_attempt)}"
    return "" if webhook.outcome else "· after what comes first of this order"


def _attempt_row(attempt: AttemptResponse) -> str:
    texts = {
        "number": str(attempt.number),
        "date": short_date(attempt.date),
        "status": "no answer" if attempt.status is None else str(attempt.status),
        "url": attempt.url,
        "detail": attempt.detail,
    }
    return fill_template("attempt.html", texts)


def _describe_attempt(attempt: Attempt) -> AttemptResponse:
    return AttemptResponse(
        attempt.number, iso_date(attempt.at), redacted_url(attempt.url), attempt.status, attempt.detail
    )
