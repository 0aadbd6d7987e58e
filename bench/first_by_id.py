"""Measures what the first request for a trusted document costs beside later ones: milliseconds of CPU, in process.

    python -m bench.first_by_id [DOCUMENTS]

Each document is the home screen with a comment of its own, so that each is parsed, validated and compiled for itself:
at the start for those of the manifest, and with the first request for those that are sent as text. Chains are cached
and responses are not, so that every request runs its program. The median of all documents counts.
"""

import asyncio
import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
from starlette.types import ASGIApp, Message

from gateway import sandbox
from gateway.app import create_app
from gateway.settings import read_settings

MOST_TIMES_WARM = 1.2
"""What the first request by id may cost, as a multiple of a later one."""

HOME = (Path(__file__).parents[1] / "gateway" / "examples" / "01-home.graphql").read_text()
PLAYER = sandbox.DEMO_PLAYERS[1]


async def milliseconds(app: ASGIApp, body: Mapping[str, object], token: str) -> float:
    """CPU milliseconds of one request, which has to succeed."""
    received = [{"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return received.pop()

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "scheme": "http",
    }
    start = time.process_time()
    await app(scope, receive, send)
    spent = time.process_time() - start
    answer = json.loads(b"".join(message.get("body", b"") for message in sent))
    if "errors" in answer:
        raise SystemExit(answer["errors"][0]["message"])
    return spent * 1000


async def rows(folder: Path, texts: Sequence[str]) -> Mapping[str, tuple[float, float]]:
    """The first and a later request, by id and as text."""
    ids = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    (folder / "bench@1.json").write_text(json.dumps(ids))
    settings = {
        "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
        "GATEWAY_UPSTREAM_URL": "http://sandbox/api",
        "GATEWAY_DOCUMENTS_DIR": str(folder),
        "GATEWAY_CACHE_CHAINS_SECONDS": "3600",
        "GATEWAY_CACHE_BALANCE_SECONDS": "3600",
        "GATEWAY_RESPONSE_BYTES": "0",
        "GATEWAY_LOG_LEVEL": "warning",
    }
    upstream = httpx.ASGITransport(app=sandbox.create_sandbox())
    app = create_app(read_settings(settings), transport=upstream)
    token = sandbox.mint_token(PLAYER.id, name=PLAYER.name, attributes=PLAYER.attributes, now=time.time())
    await milliseconds(app, {"query": HOME}, token)
    found = {}
    for name, bodies in {
        "by id": [{"documentId": one} for one in ids],
        "as text": [{"query": f"{text}# and not in the manifest\n"} for text in texts],
    }.items():
        # One after the other with its own later request, so that both see the same state of the machine.
        pairs = [(await milliseconds(app, one, token), await milliseconds(app, one, token)) for one in bodies]
        found[name] = (statistics.median(first for first, _ in pairs), statistics.median(later for _, later in pairs))
    return found


def main(documents: int) -> None:
    """Print the table."""
    texts = [f"{HOME}# {number}\n" for number in range(documents)]
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(rows(Path(folder), texts))
    print(f"{'home screen':<12}{'first':>10}{'later':>10}{'times':>8}")  # noqa: T201 - the table
    for name, (first, later) in found.items():
        print(f"{name:<12}{first:>10.3f}{later:>10.3f}{first / later:>8.2f}")  # noqa: T201 - the table
    first, later = found["by id"]
    print(f"by id: {first / later:.2f} of {MOST_TIMES_WARM:g} times a later one")  # noqa: T201 - the table


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
