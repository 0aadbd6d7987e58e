"""A bare ASGI application that makes the gateway's upstream calls with its transport, and answers constant bytes."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from bench import stub
from bench.floors.constant import constant, lifespan
from gateway.http.messages import RequestTemplate
from gateway.http.transport import Transport, create_transport

LISTS = ("/user/offer_chain", "/user/reward_chain")
DAYS = "/user/daily_chain"
BALANCES = tuple(f"/user/reward_chain/{chain}/balance" for chain in range(1, stub.REWARD_CHAINS + 1))


def calling(transport: Transport, root: str, paths: Sequence[str], body: bytes) -> ASGIApp:
    """For each request call all paths at once, then answer `body`."""
    answering = constant(body)
    template = RequestTemplate(root)

    async def call(path: str, authorization: str) -> None:
        response = await transport.send(template.request("GET", path, (("authorization", authorization),)))
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
            await transport.aclose()
            return
        authorization = next(value for name, value in scope["headers"] if name == b"authorization").decode()
        await asyncio.gather(*(call(path, authorization) for path in paths))
        await answering(scope, receive, send)

    return app


def from_environment() -> ASGIApp:
    """The application as `uvicorn --factory` starts it."""
    paths = LISTS + BALANCES if os.environ["BENCH_CALLS"] == "5" else LISTS
    transport = create_transport(max_connections=512, pool_timeout_seconds=5, ca_file=os.environ.get("UPSTREAM_CA"))
    root = os.environ["UPSTREAM"] + os.environ["UPSTREAM_PATH"]
    return calling(transport, root, paths, Path(os.environ["BENCH_ANSWER"]).read_bytes())
