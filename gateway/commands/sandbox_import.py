"""`gateway sandbox import`: a real project's items and chains as a snapshot file."""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from getpass import getpass
from pathlib import Path

import httpx

from gateway import sandbox
from gateway.commands.options import add_examples, say
from gateway.commands.snapshots import bounded, problem_lines, tell
from gateway.errors import UsageError

KEY, KEY_FILE = "XSOLLA_API_KEY", "XSOLLA_API_KEY_FILE"
SHORTEST_KEY = 8
"""Real keys have 32 characters or more; a text that is this short could not be told from others in a snapshot."""

EXIT_CODES = """\
  0 everything was copied   1 the project could not be read and no file was written, or parts of it cannot be played
  2 wrong usage"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway sandbox import --project 44056 --output project.json    (asks for the API key)",
        "XSOLLA_API_KEY_FILE=/run/secrets/key gateway sandbox import --project 44056 --output project.json --replace",
        "gateway sandbox --from project.json",
        notes=f"The API key comes from {KEY}, from the file that {KEY_FILE} names, or from a prompt.\n"
        "Only GET calls are made, at most five a second.",
        exit_codes=EXIT_CODES,
    )
    parser.add_argument("--project", type=int, required=True, metavar="ID", help="the project's number")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="file for the snapshot")
    parser.add_argument("--replace", action="store_true", help="replace the file if it exists")
    parser.add_argument(
        "--merchant", type=int, metavar="ID", help="the company's number, if the API key is the company's"
    )
    parser.add_argument("--url", default=sandbox.VENDOR_URL, help=f"base URL of the Admin calls ({sandbox.VENDOR_URL})")
    parser.set_defaults(run=import_project)


def import_project(options: argparse.Namespace) -> int:
    """Write the snapshot, and say what of it a sandbox cannot play. Raises UsageError."""
    if options.output.exists() and not options.replace:
        raise UsageError(f"{options.output} exists. Name another file, or add --replace.")
    if not options.output.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {options.output.parent} for the snapshot.")
    key = api_key(os.environ)
    try:
        reading = asyncio.run(_read(options, key))
        sandbox.write_snapshot(reading.snapshot, options.output)
    except sandbox.SnapshotError as error:
        tell(f"gateway: {error}")
        return 1
    loaded = _try(reading.snapshot)
    for line in report(reading, loaded):
        say(line)
    say(f"Written to {options.output}. Run it with: gateway sandbox --from {options.output}")
    return 1 if any(one.is_missing for one in loaded.problems) else 0


def api_key(environment: Mapping[str, str]) -> str:
    """The API key; never from an argument, which other users of the machine can read. Raises UsageError."""
    text, file = environment.get(KEY, ""), environment.get(KEY_FILE, "")
    if text and file:
        raise UsageError(f"{KEY} and {KEY_FILE} cannot both be set: set one.")
    if file:
        try:
            text = Path(file).read_text()
        except (OSError, UnicodeError):
            raise UsageError(f"The file that {KEY_FILE} names cannot be read.") from None
    elif not text:
        if not sys.stdin.isatty():
            raise UsageError(f"There is no API key: set {KEY_FILE} to a file with it, or {KEY}.")
        text = getpass("API key (Publisher Account, Company settings, API keys): ")
    key = text.strip()
    if len(key) < SHORTEST_KEY or not key.isascii() or not key.isprintable():
        raise UsageError("The API key is not one: it is too short, or has characters that keys do not have.")
    return key


async def _read(options: argparse.Namespace, key: str) -> sandbox.Reading:
    transport = httpx.AsyncHTTPTransport(trust_env=False)
    return await sandbox.read_project(
        transport, options.project, key, url=options.url, user=options.merchant, progress=_progress()
    )


def _progress() -> sandbox.Progress:
    """Show counts on one line of a terminal; elsewhere a line for each list when it begins."""
    begun: set[str] = set()

    def show(kind: str, count: int) -> None:
        is_new = kind not in begun
        begun.add(kind)
        if sys.stderr.isatty():
            start = "\n" if is_new and len(begun) > 1 else "\r"
            print(f"{start}Reading {_words(kind)}: {count}", end="", file=sys.stderr, flush=True)  # noqa: T201 - progress
        elif is_new:
            tell(f"Reading {_words(kind)} …")

    return show


def _try(snapshot: sandbox.Snapshot) -> sandbox.Loaded:
    """What of a snapshot is in a sandbox that is made of it."""
    app = sandbox.create_sandbox(seed_demo=False)
    try:
        return sandbox.load_project(app.state.sandbox.database, snapshot)
    finally:
        app.state.sandbox.close()


def report(reading: sandbox.Reading, loaded: sandbox.Loaded) -> list[str]:
    """What was copied, what differs in a sandbox, and which fields are not documented or were left out."""
    lines = [f"{count.created} of {count.listed} {_words(kind)}" for kind, count in loaded.counts.items()]
    lines += [f"Not available with this key: {_words(kind)}" for kind in reading.missing]
    lines += problem_lines(loaded)
    lines += bounded(f"Kept, though it is not documented: {name}" for name in reading.unknown)
    lines += bounded(f"Left out, as a secret, a credential or a player's: {name}" for name in reading.left_out)
    return ["", *lines] if sys.stderr.isatty() else lines


def _words(kind: str) -> str:
    return kind.replace("_", " ")
