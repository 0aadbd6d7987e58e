"""Calls an ASGI application in process, quickly: proofs spend on actions what a complete HTTP client would cost."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Answer:
    """Status and body."""

    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def outcome(self) -> tuple[int, int]:
        """Status and error code; the code of a success is 0."""
        return self.status, 0 if self.status < 400 else self.json()["errorCode"]


class Caller:
    """Sends one request after the other, and reads each response completely."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def send(self, method: str, path: str, authorization: str | None = None, body: object = None) -> Answer:
        return self._runner.run(
            self._send(method, path, authorization, b"" if body is None else json.dumps(body).encode())
        )

    async def _send(self, method: str, path: str, authorization: str | None, body: bytes) -> Answer:
        headers = [(b"host", b"sandbox.test"), (b"content-type", b"application/json")]
        if authorization is not None:
            headers.append((b"authorization", authorization.encode()))
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("sandbox.test", 80),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return Answer(sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]))
