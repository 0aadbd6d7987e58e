"""What several commands share: options, and printing."""

import argparse
from typing import Any


def described(text: str) -> dict[str, Any]:
    """The arguments of `add_parser` for a command whose own help says the same as the list of commands."""
    return {"help": text, "description": text, "formatter_class": argparse.RawDescriptionHelpFormatter}


def add_examples(parser: argparse.ArgumentParser, *examples: str, notes: str = "", exit_codes: str = "") -> None:
    """Show notes, examples and exit codes at the end of the command's help."""
    lines = "\n".join(f"  {example}" for example in examples)
    parts = (notes, f"examples:\n{lines}", exit_codes and f"exit codes:\n{exit_codes}")
    parser.epilog = "\n\n".join(filter(None, parts))


def add_listening(parser: argparse.ArgumentParser, *, port: int) -> None:
    """Add `--host`, `--port` and the sandbox's `--database`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument(
        "--port", type=port_number, default=port, help=f"port to listen on ({port}); 0 picks a free one"
    )
    parser.add_argument(
        "--database", default=":memory:", metavar="FILE", help="SQLite file of the sandbox (in memory only)"
    )


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add `--workers`, which becomes what the environment would say; nothing where it is not given."""
    parser.add_argument(
        "--workers",
        type=lambda text: {"GATEWAY_WORKERS": text},
        default={},
        metavar="N",
        help="processes that serve the port; more than 1 need a store (docs/fleet.md)",
    )


def add_attributes(parser: argparse.ArgumentParser) -> None:
    """Add `--attribute`, whose values are pairs of name and value."""
    parser.add_argument(
        "--attribute", action="append", default=[], type=_pair, metavar="KEY=VALUE", help="user attribute (repeatable)"
    )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError("must be KEY=VALUE")
    return name, value


def port_number(text: str) -> int:
    """The type of options that take a port. Raises argparse.ArgumentTypeError."""
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError("must be a port number from 0 to 65535")
    return int(text)


def say(text: str) -> None:
    """Print a line of a command's result and flush it, so that a pipe gets it at once."""
    print(text, flush=True)  # noqa: T201 - the command's answer
