"""The command line of the load test: checks that a run can succeed, and hands over to locust."""

import argparse
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import urlsplit

from loadtest.answers import Unexpected, data_of
from loadtest.player import OPERATIONS
from loadtest.settings import PAUSE, PLAYERS, PROCESSES, SUMMARY, TOKENS
from loadtest.tokens import TokensError, read_tokens
from loadtest.verdict import Summary, Thresholds, milliseconds, percent, table

LOCUSTFILE = Path(__file__).parent / "locustfile.py"
PROBE_SECONDS = 10.0

EXAMPLES = """examples:
  scripts/loadtest http://127.0.0.1:8000/graphql --tokens tokens.txt
  scripts/loadtest https://api.example.com/graphql --tokens tokens.txt --users 200 --rate 10 --seconds 300
  scripts/loadtest http://127.0.0.1:8000/graphql --tokens tokens.txt --pause 0 --report build/loadtest.html
  scripts/loadtest http://127.0.0.1/graphql --tokens t.txt --users 400 --ramp 60 --p95 250ms --failures 0.1%"""

Run = Callable[[Sequence[str], Mapping[str, str]], int]
"""Runs a command with an environment; answers its exit code."""


class LoadTestError(Exception):
    """The run cannot begin; the text says why and what to do."""


def main(arguments: Sequence[str] | None = None, run: Run | None = None) -> int:
    """Run from the command line; answers 0, 1 where a threshold is missed, or 2 where nothing was measured."""
    options = _parser().parse_args(arguments)
    # Each process has as many tokens as any of them may need.
    players = -(-options.users // options.processes) * options.processes
    try:
        tokens = read_tokens(options.tokens, players)
        _check_report(options.report)
        _probe(options.url, tokens[0])
        with TemporaryDirectory() as folder:
            file = Path(folder) / "summary.json"
            environment = {
                **os.environ,
                TOKENS: str(options.tokens),
                PLAYERS: str(players),
                PROCESSES: str(options.processes),
                PAUSE: str(options.pause),
                SUMMARY: str(file),
                # Locust puts its own folder first in the path.
                "PYTHONPATH": str(LOCUSTFILE.parents[1]),
            }
            sys.stderr.write(f"{options.users} players for {options.seconds} seconds ...\n")
            code = (run or _run)(_command(options), environment)
            return _judge(options, _summary(file, code))
    except (LoadTestError, TokensError) as error:
        sys.stderr.write(f"loadtest: {error}\n")
        return 2


def _summary(file: Path, code: int) -> Summary:
    try:
        return Summary.read(file)
    except (OSError, ValueError):
        raise LoadTestError(f"locust has ended with code {code} and measured nothing.") from None


def _judge(options: argparse.Namespace, summary: Summary) -> int:
    missed = Thresholds(options.p95, options.p99, options.failures).missed(summary)
    sys.stdout.write("\n".join([table(summary), *missed, f"Report: {options.report}"]) + "\n")
    return 1 if missed else 0


def _command(options: argparse.Namespace) -> list[str]:
    return [
        *(sys.executable, "-m", "locust", "--locustfile", str(LOCUSTFILE), "--headless", "--exit-code-on-error", "0"),
        *("--loglevel", "WARNING", "--host", options.url, "--users", str(options.users)),
        *(("--processes", str(options.processes)) if options.processes > 1 else ()),
        *(
            "--spawn-rate",
            f"{options.rate or options.users / max(1, options.ramp):g}",
            "--run-time",
            f"{options.seconds}s",
        ),
        *("--stop-timeout", "10", "--html", str(options.report)),
    ]


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    # Everything in the command is our own or was checked by argparse.
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        sys.stderr.write(ended.stderr)
    return ended.returncode


def _check_report(path: Path) -> None:
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise LoadTestError(f"the report cannot be written to {path}: name a file in a folder that exists.")


def _probe(url: str, token: str) -> None:
    """Ask once, so that a wrong address or token fails here and not thousands of times. Raises LoadTestError."""
    try:
        status, body = _asked(url, token)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise LoadTestError(f"{url} cannot be reached: {reason}. Is the gateway running?") from None
    try:
        data_of(status, body)
    except Unexpected as unexpected:
        what = "the first token is not accepted" if _is_about_token(str(unexpected)) else f"{url} answers wrongly"
        raise LoadTestError(f"{what}: {unexpected}.") from None


def _asked(url: str, token: str) -> tuple[int, bytes]:
    body = json.dumps({"query": OPERATIONS["screen"]}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - the parser lets only http and https pass
    # As in the run, no proxy of the environment is used.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=PROBE_SECONDS) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read()


def _is_about_token(text: str) -> bool:
    return any(code in text for code in ("UNAUTHENTICATED", "TOKEN_EXPIRED", "FORBIDDEN"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/loadtest",
        description="Let players use a running gateway: open the screen, watch the badge, claim, order.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("url", type=_url, metavar="URL", help="the gateway's GraphQL endpoint")
    parser.add_argument("--tokens", type=Path, required=True, metavar="FILE", help="players' tokens, one a line")
    parser.add_argument("--users", type=_from(1, int), default=20, metavar="N", help="players at the same time (20)")
    parser.add_argument("--rate", type=_from(1, int), metavar="N", help="players who start in a second (all)")
    parser.add_argument("--seconds", type=_from(1, int), default=60, metavar="N", help="how long they play (60)")
    parser.add_argument(
        "--ramp",
        type=_from(0, float),
        default=0,
        metavar="SECONDS",
        help="until all have started, in place of --rate (0)",
    )
    parser.add_argument("--processes", type=_from(1, int), default=1, metavar="N", help="that the players are in (1)")
    parser.add_argument("--p95", type=milliseconds, metavar="TIME", help="95 of 100 answers come within, such as 250ms")
    parser.add_argument("--p99", type=milliseconds, metavar="TIME", help="99 of 100 answers come within")
    parser.add_argument(
        "--failures", type=percent, default=0.0, metavar="SHARE", help="of answers that may fail, such as 0.1%% (0%%)"
    )
    parser.add_argument(
        "--pause", type=_from(0, float), default=3, metavar="SECONDS", help="between two things a player does (3)"
    )
    parser.add_argument(
        "--report", type=Path, default=Path("loadtest-report.html"), metavar="FILE", help="(loadtest-report.html)"
    )
    return parser


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise argparse.ArgumentTypeError("must be an http or https URL, such as http://127.0.0.1:8000/graphql")
    return text


Number = TypeVar("Number", int, float)


def _from(least: int, kind: Callable[[str], Number]) -> Callable[[str], Number]:
    def parse(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError:
            value = kind("-1")
        if not least <= value < 1_000_000:
            raise argparse.ArgumentTypeError(f"must be a number, {least} or more")
        return value

    return parse


if __name__ == "__main__":
    sys.exit(main())
