"""The command line of the suite."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.phases import PHASES, Phase
from tests.chaos.report import broken, details, missed, table
from tests.chaos.run import run

EXAMPLES = """examples:
  scripts/chaos                               everything, about ten minutes
  scripts/chaos --quick                       some of it, in about a minute
  scripts/chaos --only outage --only disk     the phases with these words in their names, and the normal ones
  scripts/chaos --times 5                     as many as 400,000 marked values under all faults, in 45 minutes
  scripts/chaos --workers 2 --only restarts   workers replaced one after the other by SIGHUP; needs redis-server

exit codes: 0 all is as it has to be   1 something is not, as the last lines say"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; answers the exit code."""
    options = _parser().parse_args(arguments)
    phases = [phase for phase in PHASES if _is_chosen(phase, options)]

    def seconds_of(phase: Phase) -> float:
        seconds = phase.quick_seconds or phase.seconds if options.quick else phase.seconds
        return seconds * float(options.times)

    with tempfile.TemporaryDirectory() as folder:
        rows, ending = asyncio.run(run(Path(folder), phases, seconds_of, _say_aside, workers=options.workers))
    _say(f"{table(rows)}\n\n{details(rows, ending)}\n")
    sentences = [*broken(rows, ending), *missed(rows)]
    _say("\n".join(sentences) or "All is as it has to be.")
    return 1 if sentences else 0


def _is_chosen(phase: Phase, options: argparse.Namespace) -> bool:
    if phase in {PHASES[0], PHASES[-1]}:
        return True
    if phase.needs_file and options.workers > 1:
        return False
    if options.only:
        return any(word in phase.name for word in options.only)
    return phase.quick_seconds > 0 or not options.quick


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say_aside(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos",
        description="Let ten players play while everything around the gateway fails, and print what they saw.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="shorter phases, and fewer of them")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="phases N times as long (1)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="worker processes of the gateway (1)")
    parser.add_argument("--only", action="append", metavar="WORDS", help="phases with these words in their names")
    return parser


if __name__ == "__main__":
    sys.exit(main())
