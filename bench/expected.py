"""What every server has to answer: the `data` that the plain stack gives over the stub upstream, without sockets."""

import asyncio
import json
from collections.abc import Mapping

import httpx

from bench import stub, upstream
from bench.operations import Operation
from bench.peers.plain import create_app

_ORIGIN = "http://stub.test"


class StubTransport(httpx.AsyncBaseTransport):
    """The stub upstream behind httpx's interface; `calls` names what was asked."""

    def __init__(self, answers: Mapping[str, bytes] | None = None) -> None:
        self.calls: list[str] = []
        self._answers = answers or stub.answers()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer like nginx: 401 without a credential, 404 for anything else."""
        path = request.url.path.removeprefix(upstream.PATH)
        self.calls.append(path)
        if not request.headers.get("authorization"):
            return httpx.Response(401, request=request)
        body = self._answers.get(_file(path))
        if body is None:
            return httpx.Response(404, request=request)
        return httpx.Response(200, content=body, headers={"content-type": "application/json"}, request=request)


def expected_data(operations: Mapping[str, Operation], distance: upstream.Distance) -> dict[str, object]:
    """The `data` of each operation for the first player, by its name."""
    first = stub.tokens()[0]
    answers = stub.answers()
    if distance is upstream.Distance.PROGRESS:
        answers = stub.progress_of(first)
    elif distance is upstream.Distance.LARGE:
        answers = stub.answers(upstream.LARGER)
    elif distance is upstream.Distance.OWN:
        own = stub.mark(first).encode()
        answers = {name: body.replace(stub.MARK.encode(), own) for name, body in answers.items()}
    return asyncio.run(_ask(operations, answers))


async def _ask(operations: Mapping[str, Operation], answers: Mapping[str, bytes]) -> dict[str, object]:
    client = httpx.AsyncClient(base_url=_ORIGIN + upstream.PATH, transport=StubTransport(answers))
    app = httpx.ASGITransport(create_app(client))
    async with client, httpx.AsyncClient(base_url=_ORIGIN, transport=app) as game:
        headers = {"authorization": f"Bearer {stub.tokens()[0]}", "content-type": "application/json"}
        found: dict[str, object] = {}
        for name, operation in operations.items():
            response = await game.post("/graphql/", content=operation.body(), headers=headers)
            found[name] = json.loads(response.content)["data"]
        return found


def _file(path: str) -> str:
    name = path.removeprefix("/user/")
    chain = name.removeprefix("reward_chain/").removesuffix("/balance")
    return f"balance_{chain}" if name.endswith("/balance") else name
