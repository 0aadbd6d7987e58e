"""`gateway sandbox diff`: what changed between two snapshots, in words."""

import argparse
from collections.abc import Iterator

import msgspec

from gateway import sandbox
from gateway.commands.options import add_examples, say
from gateway.commands.snapshots import snapshot_file

EXIT_CODES = "  0 nothing differs   1 something differs   2 wrong usage, or a file is not a snapshot"

_NOTHING = "(nothing)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway sandbox diff monday.json friday.json",
        "gateway sandbox diff staging.json live.json --json",
        exit_codes=EXIT_CODES,
    )
    parser.add_argument("before", type=snapshot_file, metavar="A", help="snapshot file")
    parser.add_argument("after", type=snapshot_file, metavar="B", help="snapshot file to compare with it")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.set_defaults(run=print_differences)


def print_differences(options: argparse.Namespace) -> int:
    """Print what differs, and return 1 if something does."""
    comparison = sandbox.compare(options.before, options.after)
    if options.json:
        say(msgspec.json.encode(comparison).decode())
    else:
        for line in _lines(options.before, options.after, comparison):
            say(line)
    return 1 if comparison.differences else 0


def _lines(before: sandbox.Snapshot, after: sandbox.Snapshot, comparison: sandbox.Comparison) -> Iterator[str]:
    for letter, one in (("A", before), ("B", after)):
        yield f"{letter}: project {one.project_id}, taken {one.taken_at} from {one.source}"
    yield ""
    for difference in comparison.differences:
        state = " is new" if difference.is_new else " is gone" if difference.is_gone else ""
        yield f"{difference.kind.capitalize()} {difference.name}{state}"
        for change in difference.changes:
            yield f"  {change.label}: {change.before or _NOTHING} → {change.after or _NOTHING}"
    yield f"{len(comparison.differences)} differ, {comparison.same} are the same."
