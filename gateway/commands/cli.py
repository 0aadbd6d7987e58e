"""The command line: all commands, and how their results and errors become exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module

from gateway import __version__
from gateway.commands.options import add_examples, described
from gateway.errors import UsageError

COMMANDS = {
    "serve": "Start the gateway. Environment variables configure it (see docs/settings.md).",
    "demo": "Start the gateway and a sandbox upstream with demo players in one process.",
    "sandbox": "Start only the sandbox upstream.",
    "token": "Print tokens of players for the sandbox.",
    "config": "Check the settings, show their values, or print a reference of all settings.",
    "schema": "Print the GraphQL schema, or check that the committed file is up to date.",
    "documents": "Check manifests of trusted documents, or make one from files.",
    "client": "Print client code for a game engine, generated from the game's own operations.",
    "doctor": "Check settings, upstream, store and webhooks without changing anything, and say what to fix.",
    "preview": "Show chains as a player with given attributes sees them at a given time, before they are switched on.",
    "explain": "Show how a query is executed: what it waits for, its upstream calls, and its generated code.",
}
"""Every command with its line of help. The module of the same name defines its options and runs it."""

EXIT_CODES = "  0 success   1 a check failed   2 wrong usage or settings   141 the output was closed"

BROKEN_PIPE = 141
"""The exit code that a shell reports for a program that SIGPIPE ended: 128 + 13."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see `EXIT_CODES`)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser(given).parse_args(given)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"gateway: {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 2
    except BrokenPipeError:
        # The interpreter flushes once more when it exits, and would complain about the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """A parser of all commands. Only the called one loads its module, so that help and version are quick."""
    parser = argparse.ArgumentParser(
        prog="gateway",
        description="GraphQL gateway for offer chains, reward chains and daily chains.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_examples(parser, "gateway demo", "GATEWAY_PROJECT_ID=44056 gateway serve", exit_codes=EXIT_CODES)
    parser.add_argument("--version", action="version", version=f"gateway {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    called = given[0] if given else ""
    if called and not called.startswith("-") and called not in COMMANDS:
        parser.error(_unknown(called))
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, **described(text))
        if name == called:
            import_module(f"gateway.commands.{name}").configure(command)
    return parser


def _unknown(called: str) -> str:
    close = get_close_matches(called, COMMANDS, n=1)
    advice = f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(COMMANDS)}."
    return f"there is no command {called!r}; {advice}"
