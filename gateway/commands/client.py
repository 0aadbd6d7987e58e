"""`gateway client`: print client code for a game's engine, made of the game's own operations."""

import argparse
import sys
from pathlib import Path

from graphql import build_schema

from gateway.app import EXAMPLES
from gateway.client_kits.languages import SOURCES
from gateway.client_kits.operations import read_kit
from gateway.commands.options import add_examples, say
from gateway.errors import UsageError
from gateway.schema import create_schema


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway client csharp > LiveOps.cs",
        "gateway client csharp --documents operations --output Assets/LiveOps.cs",
    )
    parser.add_argument("language", choices=SOURCES, help="the language of the engine: %(choices)s", metavar="LANGUAGE")
    parser.add_argument(
        "--documents",
        type=Path,
        default=EXAMPLES,
        metavar="DIR",
        help="folder with the game's operations as .graphql files (the gateway's examples)",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file to write (standard output)")
    parser.set_defaults(run=print_client)


def print_client(options: argparse.Namespace) -> int:
    """Print the file, or write it. Raises UsageError."""
    kit = read_kit(build_schema(create_schema().as_str()), options.documents)
    source = SOURCES[options.language](kit)
    if options.output is None:
        sys.stdout.write(source)
        return 0
    try:
        options.output.write_text(source)
    except OSError as error:
        raise UsageError(f"{options.output} cannot be written: {error.strerror}.") from None
    say(f"{len(kit.operations)} operations in {options.output}")
    return 0
