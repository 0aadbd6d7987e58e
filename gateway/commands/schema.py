"""`gateway schema`: print the GraphQL schema or a page about it, or check that the committed file is up to date."""

import argparse
import asyncio
import sys
from difflib import unified_diff
from pathlib import Path

from graphql import build_schema

from gateway.commands.options import add_examples
from gateway.commands.schema_reference import schema_reference
from gateway.schema import create_schema


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser, "gateway schema > schema.graphql", "gateway schema --check", "gateway schema --format markdown"
    )
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 and show the difference if the file is out of date"
    )
    parser.add_argument("--file", type=Path, default=Path("schema.graphql"), help="the file to check (schema.graphql)")
    parser.add_argument(
        "--format",
        choices=("graphql", "markdown"),
        default="graphql",
        help="the schema itself, or a page with the upstream calls of each field and examples (graphql)",
    )
    parser.set_defaults(run=print_schema)


def print_schema(options: argparse.Namespace) -> int:
    """Print the schema. With `--check`, return 1 if the file differs from it."""
    if options.format == "markdown":
        sys.stdout.write(asyncio.run(schema_reference(build_schema(create_schema().as_str()))))
        return 0
    printed = create_schema().as_str() + "\n"
    if not options.check:
        sys.stdout.write(printed)
        return 0
    committed = options.file.read_text() if options.file.exists() else ""
    if committed == printed:
        return 0
    sys.stderr.writelines(unified_diff(committed.splitlines(True), printed.splitlines(True), str(options.file), "code"))
    sys.stderr.write(f"gateway: {options.file} is out of date; run: gateway schema > {options.file}\n")
    return 1
