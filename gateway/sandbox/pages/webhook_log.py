"""The log of webhooks as a page for people."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.webhooks import PATH, AttemptResponse, WebhookResponse, load_webhook_page
from gateway.sandbox.pages.rendering import fill_template, html_page
from gateway.sandbox.storage.database import Database


class WebhookLogPage:
    """Shows webhooks with their attempts, the newest first."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the log."""
        self._database = database

    def route(self) -> Route:
        """Return the page's route."""
        return Route(PATH + "/log", self.show, methods=["GET"])

    async def show(self, request: Request) -> Response:
        """Show the page of the log that `limit` and `offset` ask for."""
        shown = load_webhook_page(self._database, request)
        count = {"count": str(shown.total_items_count)}
        return html_page("Webhooks", fill_template("webhooks.html", count, rows=webhook_rows(shown.items)))


def webhook_rows(webhooks: Sequence[WebhookResponse]) -> str:
    """Render webhooks with their attempts as rows of a log."""
    return "".join(map(_row, webhooks)) or fill_template("empty.html", {"text": "None yet."})


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
    return "" if webhook.outcome else "· waits for an earlier webhook of this order"


def _attempt_row(attempt: AttemptResponse) -> str:
    texts = {
        "number": str(attempt.number),
        "date": short_date(attempt.date),
        "status": "no response" if attempt.status is None else str(attempt.status),
        "url": attempt.url,
        "detail": attempt.detail,
    }
    return fill_template("attempt.html", texts)
