"""Where a project's webhooks go, and with which secret they are signed (admin contract, 8)."""

import re

import msgspec

from gateway.sandbox.storage.database import Transaction

_USER = re.compile(r"//[^/?#]*@")


class WebhookSettings(msgspec.Struct, frozen=True):
    """A project's webhook settings; `version` 2 of the payload says more about each item."""

    url: str
    secret: str
    is_enabled: bool
    version: int = 1

    def __repr__(self) -> str:
        """Show the settings without the secret."""
        return f"WebhookSettings({redacted_url(self.url)!r}, is_enabled={self.is_enabled}, version={self.version})"


def find_webhook_settings(tx: Transaction, project_id: int) -> WebhookSettings | None:
    """Read a project's settings; None when none were ever stored."""
    row = tx.one("SELECT * FROM webhook_settings WHERE project_id = :project_id", project_id=project_id)
    if row is None:
        return None
    return WebhookSettings(row["url"], row["secret"], bool(row["is_enabled"]), row["version"])


def set_webhook_settings(tx: Transaction, project_id: int, settings: WebhookSettings) -> None:
    """Store a project's settings in place of the former ones."""
    tx.run(
        "INSERT INTO webhook_settings (project_id, url, secret, is_enabled, version)"
        " VALUES (:project_id, :url, :secret, :is_enabled, :version)"
        " ON CONFLICT (project_id) DO UPDATE SET"
        " url = excluded.url, secret = excluded.secret, is_enabled = excluded.is_enabled, version = excluded.version",
        project_id=project_id,
        url=settings.url,
        secret=settings.secret,
        is_enabled=settings.is_enabled,
        version=settings.version,
    )


def redacted_url(url: str) -> str:
    """Write an address without what may be secret in it: a user's name and password, and the query."""
    path, query, _ = _USER.sub("//…@", url).partition("?")
    return f"{path}?…" if query else path
