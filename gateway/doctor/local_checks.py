"""What can be seen on this machine: version, settings, the records file, the store."""

import os
import platform
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from gateway import __version__
from gateway.doctor.findings import Finding, ok, problem, skipped, warning
from gateway.domain.payment import PaymentMode
from gateway.errors import StoreUnusable
from gateway.settings import Settings
from gateway.store.shared.store import look_at_store


def version() -> Finding:
    """Which gateway this is, for readers of the report."""
    return ok("version", f"gateway {__version__}, Python {platform.python_version()}, {platform.system()}")


def broken_settings(problems: tuple[str, ...]) -> Iterator[Finding]:
    """What is wrong with settings that cannot be used; their texts hold no secret."""
    for text in problems:
        yield problem("settings", text, "Change the variable; docs/settings.md has all of them.")


def usable_settings(settings: Settings) -> Iterator[Finding]:
    """What is unusual for a gateway that players use."""
    unusual = False
    if settings.payment_mode is PaymentMode.SANDBOX:
        unusual = True
        yield warning(
            "settings", "orders are paid with test cards (GATEWAY_PAYMENT_MODE=sandbox)", "Set it to live for players."
        )
    for name, is_on in (("GRAPHIQL", settings.graphiql), ("INTROSPECTION", settings.introspection)):
        if is_on:
            unusual = True
            yield warning("settings", f"GATEWAY_{name} is on", "Set it to off in production.")
    if not unusual:
        yield ok("settings", f"project {settings.project_id}, all settings are usable")


async def records(settings: Settings) -> AsyncIterator[Finding]:
    """Where idempotency records are stored, and whether that can be used."""
    if settings.store is not None:
        yield await _store(settings)
    elif settings.records_file is None:
        yield warning(
            "records",
            "idempotency keys are forgotten when the gateway restarts",
            "Set GATEWAY_RECORDS_FILE, or GATEWAY_STORE_URL for several processes.",
        )
    else:
        yield _records(Path(settings.records_file))


async def _store(settings: Settings) -> Finding:
    assert settings.store is not None  # noqa: S101 - the caller looked
    fix = "See docs/fleet.md, and correct the store or the GATEWAY_STORE_ settings."
    try:
        findings = await look_at_store(settings.store)
    except StoreUnusable as error:
        return problem("store", str(error), fix)
    if findings:
        text = " ".join(one.text for one in findings)
        return (problem if any(one.is_fatal for one in findings) else warning)("store", text, fix)
    return ok("store", "answers, evicts nothing, and is durable")


def _records(file: Path) -> Finding:
    folder = file.absolute().parent
    if not file.exists():
        if os.access(folder, os.W_OK):
            return skipped("records", "the file is not there yet, and can be made")
        return problem(
            "records", "the file is not there and cannot be made", "Make its folder, writable for the gateway's user."
        )
    if not os.access(file, os.W_OK) or not os.access(folder, os.W_OK):
        return problem("records", "the file or its folder cannot be written", "Let the gateway's user write there.")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as connection:
            (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        state = "unreadable"
    if state != "ok":
        return problem("records", "the file is damaged", "See docs/runbook.md; the next start repairs what it can.")
    return ok("records", "the file can be read and written")
