"""The bench's command line; `scripts/bench` installs what is needed and calls it."""

import argparse
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

from bench import machine, matrix, picture, processes, profiling, report, results, stub
from bench.expected import expected_data
from bench.measuring import Plan, Run, named
from bench.operations import read_operations
from bench.results import Cell, Profile, Results, Round, figures
from bench.running import Unusable
from bench.sampling import profiles
from bench.servers import SERVERS, missing
from bench.upstream import Distance

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_NEEDED = ("wrk", "nginx", "taskset")
_MODULE = Path("/usr/lib/nginx/modules/ngx_http_lua_module.so")
_BENCH = Path(__file__).parent


def main() -> int:
    """Measure and report; answers the exit code: 0 done, 1 a server failed, 2 something is missing or wrong."""
    options = _parser().parse_args()
    # Told to end, it ends its servers as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.report:
        return _report(results.read(options.report), options.output)
    lacking = _lacking()
    if lacking:
        _say(f"bench: missing: {', '.join(lacking)}. Run scripts/bench as root, or install it.")
        return 2
    cells = matrix.chosen(matrix.cells(is_quick=options.quick), options.only, options.upstream, options.operation)
    if not cells and not options.profile:
        _say("bench: none of the rows is of these servers, upstreams and operations.")
        return 2
    left_out = {name: reason for name in sorted({cell.server for cell in cells}) if (reason := missing(SERVERS[name]))}
    for name, reason in left_out.items():
        _say(f"bench: without {name}: {reason}.")
    try:
        found = _run([cell for cell in cells if cell.server not in left_out], left_out, options)
    except Unusable as unusable:
        _say(f"bench: {unusable}")
        return 1
    return _report(found, options.output)


def _run(cells: list[Cell], left_out: dict[str, str], options: argparse.Namespace) -> Results:
    operations = read_operations()
    expected = {one: expected_data(operations, one) for one in Distance}
    plan = Plan(cells, options.rounds, options.seconds, operations, expected, stub.tokens())
    began_at, date = time.monotonic(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    rounds: list[Round] = []
    missed = {SERVERS[name].title: reason for name, reason in left_out.items()}
    if not options.profile:
        with _folder() as folder:
            run = Run(plan, Path(folder), _say)
            rounds = [one for one in list(run.rounds()) if one.cell not in run.given_up]
            missed |= {f"{named(cell)}, upstream {cell.distance}": reason for cell, reason in run.given_up.items()}
    sampled: list[Profile] = []
    if options.profile or not (options.quick or options.only or options.upstream or options.operation):
        with _folder() as folder:
            sampled = profiles(plan, Path(folder), _say)
    return Results(
        date=date,
        seconds=time.monotonic() - began_at,
        rounds=rounds,
        machine=machine.describe(),
        left_out=missed,
        profiles=sampled,
    )


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder for a run's files, in memory where that is possible."""
    return tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)


def _report(found: Results, output: Path) -> int:
    if not found.rounds:
        sys.stdout.write("\n\n".join(map(profiling.markdown, found.profiles)) + "\n")
        return 0
    drawing, figures_file = (output.with_name(output.stem.lower() + ending) for ending in (".svg", ".json"))
    results.write(found, figures_file)
    output.write_text(report.report(found, drawing.name))
    drawing.write_text(picture.picture(figures(found.rounds)))
    _say(f"Wrote {output.name}, {drawing.name} and {figures_file.name}.")
    return 0


def _lacking() -> list[str]:
    lacking = [name for name in _NEEDED if shutil.which(name) is None]
    if not _MODULE.exists():
        lacking.append("nginx's lua module")
    if not processes.has_cores():
        lacking.append("a second core")
    return lacking


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _among(known: Collection[str]) -> Callable[[str], list[str]]:
    """Reads names that are separated by commas."""

    def names(text: str) -> list[str]:
        named = text.split(",")
        unknown = [name for name in named if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(known)}")
        return named

    return names


def _distances(text: str) -> list[Distance]:
    return [Distance[name.upper()] for name in _among([one.name.lower() for one in Distance])(text)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the gateway against other servers; write bench/RESULTS.md, results.svg and results.json.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""examples:
  scripts/bench                                       everything: about 20 minutes
  scripts/bench --quick --output /tmp/quick.md        32 connections, upstream near: about 4 minutes
  scripts/bench --quick --only gateway,mercurius --seconds 5 --output /tmp/two.md
  scripts/bench --upstream tls --rounds 9 --output /tmp/tls.md
  scripts/bench --operation home,badge --only gateway,mercurius-listed --output /tmp/two.md
  scripts/bench --profile                             where the gateway's time goes
  scripts/bench --report bench/results.json           the report again, of a run that is there
  scripts/bench overload slow                         another measurement; bench/README.md has their names""",
    )
    parser.add_argument("--quick", action="store_true", help="32 connections, upstream near, few operations")
    parser.add_argument(
        "--only", type=_among(SERVERS), metavar="NAME,…", help=f"only these servers: {', '.join(SERVERS)}"
    )
    upstreams = ", ".join(f"{one.name.lower()} ({one.value})" for one in Distance)
    parser.add_argument("--upstream", type=_distances, metavar="NAME,…", help=f"only with these upstreams: {upstreams}")
    operations = sorted(read_operations())
    parser.add_argument(
        "--operation", type=_among(operations), metavar="NAME,…", help=f"only these operations: {', '.join(operations)}"
    )
    parser.add_argument("--seconds", type=float, default=3.0, metavar="N", help="how long one measurement sends (3)")
    parser.add_argument("--rounds", type=int, default=2, metavar="N", help="how often each row is measured (2)")
    parser.add_argument(
        "--output",
        type=Path,
        default=_BENCH / "RESULTS.md",
        metavar="FILE.md",
        help="where to write (bench/RESULTS.md)",
    )
    parser.add_argument("--profile", action="store_true", help="only sample the gateway, and print where its time goes")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write the report of an earlier run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
