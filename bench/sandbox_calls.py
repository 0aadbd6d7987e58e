"""Measures what calls of the demo project cost the sandbox: CPU milliseconds each, in process and without sockets.

    scripts/bench sandbox_calls [CALLS]

The CPU is that of the whole process while the calls are made one after the other, so it holds what it takes to make
them as well: the first line, a call with next to nothing to do, shows how little that is. The best of five rounds
counts, because other work on the machine only ever adds.
"""

import asyncio
import base64
import time
from collections.abc import Iterator

from starlette.types import ASGIApp, Message

from bench import arguments
from gateway.sandbox import DEMO_API_KEY, DEMO_PLAYERS, DEMO_PROJECT_ID, create_sandbox, mint_token

ROUNDS = 5
TARGET_MS = 3.0
"""What a list call may cost."""


def calls() -> Iterator[tuple[str, str, str]]:
    """Name each measured call with its path and authorization."""
    project = f"/api/v2/project/{DEMO_PROJECT_ID}"
    veteran = DEMO_PLAYERS[1]
    token = mint_token(veteran.id, name=veteran.name, attributes=veteran.attributes, now=time.time())
    player = f"Bearer {token}"
    publisher = "Basic " + base64.b64encode(f"{DEMO_PROJECT_ID}:{DEMO_API_KEY}".encode()).decode()
    yield "health", "/_sandbox/health", ""
    yield "offer chains, a player's", project + "/user/offer_chain", player
    yield "offer chains, anonymous", project + "/user/offer_chain", ""
    yield "one offer chain", project + "/user/offer_chain/1", player
    yield "reward chains, a player's", project + "/user/reward_chain", player
    yield "reward chains, anonymous", project + "/user/reward_chain", ""
    yield "daily chains, a player's", project + "/user/daily_chain", player
    yield "catalog, a player's", project + "/items", player
    yield "balance", project + "/user/reward_chain/5/balance", player
    yield "contributors", project + "/user/clan/contributors/6/top", player
    yield "publisher's offer chains", project + "/admin/offer_chain", publisher
    yield "publisher's reward chains", project + "/admin/reward_chain", publisher
    yield "publisher's virtual items", project + "/admin/items/virtual_items", publisher
    yield "publisher's bundles", project + "/admin/items/bundle", publisher


async def call(app: ASGIApp, path: str, authorization: str) -> int:
    """Make one call; answers how many bytes its body has."""
    headers = [(b"host", b"sandbox.test")]
    if authorization:
        headers.append((b"authorization", authorization.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": ("sandbox.test", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] != 200:
        raise SystemExit(f"{path} answered {sent[0]['status']}")
    return sum(len(message["body"]) for message in sent[1:])


async def measure(app: ASGIApp, path: str, authorization: str, count: int) -> tuple[float, int]:
    """Answer the CPU milliseconds of a call, and its body's size."""
    size = await call(app, path, authorization)
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(count):
            await call(app, path, authorization)
        rounds.append((time.process_time() - start) * 1000 / count)
    return min(rounds), size


async def main(count: int) -> None:
    """Print the table."""
    app = create_sandbox()
    print(f"{'call':<28}{'CPU ms':>8}{'bytes':>8}   of {TARGET_MS:g} ms")  # noqa: T201 - the table
    for name, path, authorization in calls():
        milliseconds, size = await measure(app, path, authorization, count)
        print(f"{name:<28}{milliseconds:>8.3f}{size:>8}   {milliseconds / TARGET_MS:.0%}")  # noqa: T201 - the table
    app.state.sandbox.close()


if __name__ == "__main__":
    asyncio.run(main(arguments.count(__doc__, "CALLS", 200)))
