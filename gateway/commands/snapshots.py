"""What commands do with snapshots of projects: options, files, and sandboxes that are made out of them."""

import argparse
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from gateway import sandbox
from gateway.errors import UsageError

_MOST_NAMED = 40


def add_from(parser: argparse.ArgumentParser) -> None:
    """Add `--from`, which becomes `options.snapshot`."""
    parser.add_argument(
        "--from",
        dest="snapshot",
        type=snapshot_file,
        metavar="FILE",
        help="run the project of a snapshot, made with `gateway sandbox import`, in place of the demo project",
    )


def snapshot_file(text: str) -> sandbox.Snapshot:
    """The type of options that take a snapshot's file. Raises argparse.ArgumentTypeError."""
    try:
        return sandbox.read_snapshot(Path(text))
    except sandbox.SnapshotError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def load(app: Starlette, snapshot: sandbox.Snapshot) -> sandbox.Loaded:
    """Make a snapshot's project in a sandbox, and name on stderr what of it is missing. Raises UsageError."""
    try:
        loaded = sandbox.load_project(app.state.sandbox.database, snapshot)
    except sandbox.SnapshotError as error:
        app.state.sandbox.close()
        raise UsageError(str(error)) from None
    app.state.sandbox.refill = partial(sandbox.load_project, app.state.sandbox.database, snapshot)
    for line in problem_lines(loaded):
        tell(line)
    return loaded


def problem_lines(loaded: sandbox.Loaded) -> list[str]:
    """What of a snapshot is not in the sandbox, or not as it was, a line each."""
    return bounded(f"{'Missing' if one.is_missing else 'Changed'}: {one.what}: {one.reason}" for one in loaded.problems)


def bounded(lines: Iterable[str]) -> list[str]:
    """The first lines, and how many more there are."""
    listed = list(lines)
    more = len(listed) - _MOST_NAMED
    return listed if more <= 0 else [*listed[:_MOST_NAMED], f"… and {more} more"]


def tell(text: str) -> None:
    """Print a line that is not the command's result."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - progress and notes for the person at the terminal
