"""`gateway explain`: what a query waits for, its upstream calls, and the code that makes its response."""

import argparse
import asyncio
import json
from pathlib import Path

from graphql import OperationType

from gateway.commands.options import add_examples, say
from gateway.commands.upstream_calls import PLAYER, upstream_calls
from gateway.errors import ExplainError
from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import GraphQLEngine
from gateway.execution.explain import explain


def configure(parser: argparse.ArgumentParser) -> None:
    """Define the command and its options."""
    add_examples(
        parser,
        "gateway explain home.graphql",
        """gateway explain order.graphql --variables '{"id": "b3JkZXI6MQ"}'""",
    )
    parser.add_argument("file", type=Path, metavar="FILE.graphql", help="file with the document")
    parser.add_argument("--operation", metavar="NAME", help="the operation, if the document has several")
    parser.add_argument("--variables", default="{}", metavar="JSON", help="the variables, as a JSON object")
    parser.set_defaults(run=print_explanation)


def print_explanation(options: argparse.Namespace) -> int:
    """Print the explanation of one operation. Raises ExplainError."""
    say(explanation(options.file, options.operation, options.variables))
    return 0


def explanation(file: Path, name: str | None, variables: str) -> str:
    """How the operation with this name, or the only one in the file, is executed with these JSON variables.

    Raises ExplainError.
    """
    text, sent = _text(file), _object(variables)
    executor = GraphQLEngine(document_bytes=0, allow_suggestions=True)
    try:
        kind = executor.operation(text, name).kind
        explained = explain(executor, text, name, sent)
    except DocumentInvalid as refused:
        raise ExplainError("; ".join(error.message for error in refused.errors)) from None
    if kind is OperationType.SUBSCRIPTION:
        return f"{explained.rstrip()}\n\nThis is what happens for each event."
    calls = asyncio.run(upstream_calls(text, name, sent))
    listed = "\n".join(f"  {call}" for call in calls) or "  none"
    return f"{explained.rstrip()}\n\nUpstream calls for {PLAYER.name} of the demo, with an empty cache:\n{listed}"


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeError) as error:
        raise ExplainError(f"{file} cannot be read: {error}") from None


def _object(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ExplainError("The variables must be a JSON object.")
    return value
