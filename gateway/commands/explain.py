"""`gateway explain`: what a query waits for, its upstream calls, and the code that makes its response."""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import httpx
from graphql import OperationType

from gateway import sandbox
from gateway.app import create_app
from gateway.commands.options import add_examples, say
from gateway.errors import ExplainError
from gateway.errors.internal import DocumentInvalid
from gateway.execution.engine import GraphQLEngine
from gateway.execution.explain import explain
from gateway.settings import read_settings

PLAYER = sandbox.DEMO_PLAYERS[1]
"""The caller: a player with progress, who is in a clan."""


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
    calls = asyncio.run(_calls(text, name, sent))
    listed = "\n".join(f"  {count} x {call}" for call, count in sorted(calls.items())) or "  none"
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


class _Counting(httpx.AsyncBaseTransport):
    """Counts the calls to the sandbox behind it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.calls: Counter[str] = Counter()
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls[f"{request.method} {request.url.path.partition(str(sandbox.DEMO_PROJECT_ID))[2]}"] += 1
        return await self._inner.handle_async_request(request)


async def _calls(text: str, name: str | None, variables: Mapping[str, object]) -> Counter[str]:
    """The upstream calls of the operation, with a new sandbox."""
    transport = _Counting(httpx.ASGITransport(sandbox.create_sandbox()))
    settings = read_settings(
        {"GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID), "GATEWAY_UPSTREAM_URL": "http://sandbox.invalid/api"}
    )
    token = sandbox.mint_token(
        PLAYER.id, name=PLAYER.name, attributes=PLAYER.attributes, lifetime_seconds=60, now=time.time()
    )
    gateway = httpx.ASGITransport(create_app(settings, transport=transport))
    async with httpx.AsyncClient(transport=gateway, base_url="http://gateway.invalid") as http:
        body = {"query": text, "operationName": name, "variables": variables}
        await http.post("/graphql", json=body, headers={"authorization": f"Bearer {token}"})
    return transport.calls
