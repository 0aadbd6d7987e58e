"""The outbox of webhooks, written in the transactions of the orders that they are about, and its log of attempts.

Webhooks of one project are sent one at a time, the longest due first. A webhook that waits for its next attempt holds
back later ones of the same order, so a cancellation never overtakes the payment, but not those of other orders: the
contract does not say that its "sequential" stops everything for twelve hours.
"""

import sqlite3
from enum import StrEnum

import msgspec

from gateway.sandbox.domain.webhook_retries import Outcome, next_attempt_seconds, outcome_of
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import id_list
from gateway.sandbox.storage.webhook_settings import find_webhook_settings


class WebhookKind(StrEnum):
    """Which change of an order a webhook reports (client contract, 8.2)."""

    ORDER_PAID = "order_paid"
    ORDER_CANCELED = "order_canceled"


class Webhook(msgspec.Struct, frozen=True):
    """A webhook: `due_at` is when it is attempted next, `outcome` how it ended; both are None while it waits."""

    webhook_id: int
    project_id: int
    order_id: int
    kind: WebhookKind
    version: int
    created_at: float
    due_at: float | None
    outcome: Outcome | None


class Attempt(msgspec.Struct, frozen=True):
    """One attempt: the response's status and the beginning of its body, or with status None the error's name."""

    number: int
    at: float
    url: str
    status: int | None
    detail: str


class LoggedWebhook(msgspec.Struct, frozen=True):
    """A webhook with its attempts, the first one first."""

    webhook: Webhook
    attempts: tuple[Attempt, ...]


# One index lookup for each project, however many webhooks wait.
_NEXT_OF_PROJECTS = """
    SELECT project_id, (
        SELECT min(due_at) FROM webhooks WHERE webhooks.project_id = projects.project_id AND due_at IS NOT NULL
    ) AS due_at
    FROM projects
"""
_FIRST_DUE = """
    SELECT * FROM webhooks WHERE project_id = :project_id AND due_at <= :now ORDER BY due_at, webhook_id LIMIT 1
"""
_LATEST = "SELECT * FROM webhooks ORDER BY webhook_id DESC LIMIT :count OFFSET :first"
_ATTEMPTS = """
    SELECT * FROM webhook_attempts WHERE webhook_id IN (SELECT value FROM json_each(:webhook_ids))
    ORDER BY webhook_id, number
"""


def enqueue_webhook(tx: Transaction, project_id: int, order_id: int, kind: WebhookKind) -> None:
    """Put a webhook into the outbox, due now or after the order's earlier webhooks.

    Does nothing when the project's webhooks are switched off.
    """
    settings = find_webhook_settings(tx, project_id)
    if settings is None or not settings.is_enabled:
        return
    tx.run(
        "INSERT INTO webhooks (project_id, order_id, kind, version, created_at, due_at)"
        " VALUES (:project_id, :order_id, :kind, :version, :now, NULL)",
        project_id=project_id,
        order_id=order_id,
        kind=kind,
        version=settings.version,
        now=tx.now,
    )
    _schedule_next(tx, order_id)


def seconds_until_due(tx: Transaction) -> dict[int, float]:
    """Return in how many seconds each project's next webhook is due, by project; 0 or less means now."""
    rows = tx.all(_NEXT_OF_PROJECTS)
    return {row["project_id"]: row["due_at"] - tx.now for row in rows if row["due_at"] is not None}


def first_due_webhook(tx: Transaction, project_id: int) -> Webhook | None:
    """Find the webhook that a project has to send now."""
    row = tx.one(_FIRST_DUE, project_id=project_id, now=tx.now)
    return _webhook(row) if row else None


def record_attempt(tx: Transaction, webhook: Webhook, url: str, status: int | None, detail: str) -> None:
    """Log an attempt, and finish the webhook or schedule the next attempt, by its status (client contract, 8.3)."""
    (row,) = tx.all(
        "SELECT count(*) + 1 AS number FROM webhook_attempts WHERE webhook_id = :webhook_id",
        webhook_id=webhook.webhook_id,
    )
    number: int = row["number"]
    tx.run(
        "INSERT INTO webhook_attempts (webhook_id, number, at, url, status, detail)"
        " VALUES (:webhook_id, :number, :now, :url, :status, :detail)",
        webhook_id=webhook.webhook_id,
        number=number,
        url=url,
        status=status,
        detail=detail,
        now=tx.now,
    )
    outcome = outcome_of(status, number)
    if outcome:
        _finish(tx, webhook, outcome)
        return
    tx.run(
        "UPDATE webhooks SET due_at = :due_at WHERE webhook_id = :webhook_id",
        webhook_id=webhook.webhook_id,
        due_at=tx.now + next_attempt_seconds(number),
    )


def drop_webhook(tx: Transaction, webhook: Webhook) -> None:
    """Finish a webhook unsent, because the project has switched its webhooks off since."""
    _finish(tx, webhook, Outcome.DROPPED)


def count_webhooks(tx: Transaction) -> int:
    """Count all webhooks, sent or not."""
    (row,) = tx.all("SELECT count(*) AS total FROM webhooks")
    total: int = row["total"]
    return total


def latest_webhooks(tx: Transaction, count: int, first: int = 0) -> tuple[LoggedWebhook, ...]:
    """List `count` webhooks with their attempts, the newest first, after skipping the `first` newest."""
    webhooks = [_webhook(row) for row in tx.all(_LATEST, count=count, first=first)]
    attempts: dict[int, list[Attempt]] = {webhook.webhook_id: [] for webhook in webhooks}
    for row in tx.all(_ATTEMPTS, webhook_ids=id_list(webhook.webhook_id for webhook in webhooks)):
        attempts[row["webhook_id"]].append(Attempt(row["number"], row["at"], row["url"], row["status"], row["detail"]))
    return tuple(LoggedWebhook(webhook, tuple(attempts[webhook.webhook_id])) for webhook in webhooks)


def find_webhook(tx: Transaction, webhook_id: int) -> Webhook | None:
    """Find a webhook by its number."""
    row = tx.one("SELECT * FROM webhooks WHERE webhook_id = :webhook_id", webhook_id=webhook_id)
    return _webhook(row) if row else None


def _finish(tx: Transaction, webhook: Webhook, outcome: Outcome) -> None:
    tx.run(
        "UPDATE webhooks SET outcome = :outcome, due_at = NULL WHERE webhook_id = :webhook_id",
        webhook_id=webhook.webhook_id,
        outcome=outcome,
    )
    _schedule_next(tx, webhook.order_id)


def _schedule_next(tx: Transaction, order_id: int) -> None:
    """Make the first unfinished webhook of an order due, unless it is scheduled already."""
    tx.run(
        "UPDATE webhooks SET due_at = coalesce(due_at, :now) WHERE webhook_id ="
        " (SELECT min(webhook_id) FROM webhooks WHERE order_id = :order_id AND outcome IS NULL)",
        order_id=order_id,
        now=tx.now,
    )


def _webhook(row: sqlite3.Row) -> Webhook:
    return Webhook(
        webhook_id=row["webhook_id"],
        project_id=row["project_id"],
        order_id=row["order_id"],
        kind=WebhookKind(row["kind"]),
        version=row["version"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
    )
