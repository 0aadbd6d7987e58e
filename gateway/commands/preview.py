"""`gateway preview`: chains as a player with given attributes sees them at a given time."""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from gateway import sandbox
from gateway.commands.options import add_attributes, add_examples, say
from gateway.commands.snapshots import add_from, problem_lines, tell
from gateway.errors import UsageError
from gateway.preview.report import detail, overview, table
from gateway.preview.view import Chain, Viewer, chains_seen

EXIT_CODES = "  0 the player sees the chain, or no chain was chosen   1 they do not see it   2 wrong usage"

_CLAN = "clan"
_FIRST_YEAR = 1971
_LANGUAGES = re.compile(r"[A-Za-z0-9,;=.* -]{1,100}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway preview --from project.json",
        "gateway preview --from project.json --chain 'Winter offers' --attribute level=5 --language de",
        "gateway preview --from project.json --chain 12 --at 2026-12-24T18:00:00+01:00 --taken 2",
        "gateway preview --chain 'Ember Trail' --points 350 --json    (of the demo project)",
        exit_codes=EXIT_CODES,
    )
    add_from(parser)
    parser.add_argument("--chain", metavar="NAME", help="the chain, by its name or number; without it, all are listed")
    parser.add_argument("--at", type=_instant, metavar="TIME", help="the time, in ISO 8601 with an offset (now)")
    add_attributes(parser)
    parser.add_argument("--clan", metavar="NAME", help="the player's clan: the attribute clan")
    parser.add_argument(
        "--language", type=_language, default="en", metavar="CODE", help="what the game sends as Accept-Language (en)"
    )
    parser.add_argument("--anonymous", action="store_true", help="a player who is not signed in")
    parser.add_argument("--taken", type=_count, metavar="N", help="the player has taken the first N steps of the chain")
    parser.add_argument("--points", type=_count, metavar="N", help="the player has earned N points of a reward chain")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.set_defaults(run=preview)


def preview(options: argparse.Namespace) -> int:
    """Print what the player sees. Raises UsageError."""
    if options.chain is None and (options.taken is not None or options.points is not None):
        raise UsageError("--taken and --points are progress in one chain: name it with --chain.")
    if options.anonymous and (options.attribute or options.clan or options.taken or options.points):
        raise UsageError("An anonymous player has no attributes, clan or progress: leave out --anonymous, or those.")
    snapshot = asyncio.run(_demo_snapshot()) if options.snapshot is None else options.snapshot
    clan = {_CLAN: options.clan} if options.clan else {}
    viewer = Viewer(
        at=time.time() if options.at is None else options.at,
        language=options.language,
        attributes={**dict(options.attribute), **clan},
        is_anonymous=options.anonymous,
        taken=options.taken,
        points=options.points,
    )
    chain, raw = (None, None) if options.chain is None else _chosen(snapshot, options.chain)
    try:
        seen, loaded = asyncio.run(chains_seen(snapshot, viewer, chain))
    except sandbox.SnapshotError as error:
        raise UsageError(str(error)) from None
    for line in problem_lines(loaded):
        tell(line)
    if chain is None or raw is None:
        _print_all(options, snapshot, list(overview(snapshot, seen, loaded)))
        return 0
    shown = seen.get(chain)
    if options.json:
        missing = sandbox.missing_texts(snapshot, raw, sandbox.languages_of(snapshot))
        say(json.dumps({"facts": dict(sandbox.chain_facts(raw)), "seen": shown, "missing_texts": dict(missing)}))
    else:
        for line in detail(snapshot, raw, chain, shown, viewer, loaded):
            say(line)
    return 1 if shown is None else 0


def _print_all(options: argparse.Namespace, snapshot: sandbox.Snapshot, rows: list[Any]) -> None:
    if options.json:
        names = [name.replace(" ", "_") for name in rows[0]]
        chains = [dict(zip(names, row, strict=True)) for row in rows[1:]]
        say(json.dumps({"project_id": snapshot.project_id, "chains": chains}))
        return
    for line in table(rows):
        say(line)


def _chosen(snapshot: sandbox.Snapshot, name: str) -> tuple[Chain, Mapping[str, Any]]:
    """The chain with this number, or with this name in any language. Raises UsageError."""
    found = [
        (Chain(kind, raw.get(id_name, 0)), raw)
        for kind, id_name in sandbox.CHAIN_KINDS.items()
        for raw in getattr(snapshot, kind)
        if str(raw.get(id_name)) == name or name.casefold() in _names(raw)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"There is no chain {name!r}. Leave out --chain to see all of them.")
    several = ", ".join(f"{sandbox.NOUNS[chain.kind]} {chain.number}" for chain, _ in found)
    raise UsageError(f"{name!r} is the name or number of several chains: {several}. Name one that is not.")


def _names(raw: Mapping[str, Any]) -> set[str]:
    texts = raw.get("name")
    return {str(text).casefold() for text in texts.values() if text} if isinstance(texts, dict) else set()


async def _demo_snapshot() -> sandbox.Snapshot:
    """The demo project, as an import of it."""

    async def go_on(_: float) -> None:
        """Wait for nothing: the sandbox is in this process."""

    app = sandbox.create_sandbox()
    try:
        reading = await sandbox.read_project(
            httpx.ASGITransport(app),
            sandbox.DEMO_PROJECT_ID,
            sandbox.DEMO_API_KEY,
            url="http://localhost/api",
            sleep=go_on,
        )
    finally:
        app.state.sandbox.close()
    return reading.snapshot


def _instant(text: str) -> float:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.year < _FIRST_YEAR:
        raise argparse.ArgumentTypeError("must be a time such as 2026-12-24T18:00:00+01:00")
    return instant.timestamp()


def _language(text: str) -> str:
    if not _LANGUAGES.fullmatch(text):
        raise argparse.ArgumentTypeError("must be languages such as de, or de-AT,en;q=0.5")
    return text


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise argparse.ArgumentTypeError("must be a number from 0 to 999999999")
    return int(text)
