"""What surrounds every request: the log line, the mask over what escapes, and the probes."""

import asyncio
import json
import logging
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from gateway.app import create_app
from gateway.settings import read_settings
from gateway.web.middleware import RequestEnvelope
from tests.support.stack import ANN, Stack, running_stack, serving


def fields(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = record.__dict__["event_fields"]
    return found


async def test_a_request_is_logged_without_what_may_be_secret(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    token = stack.token(ANN)
    query = {"query": "{ serverTime }", "variables": '{"secret": 1}'}
    await stack.http.get(f"{stack.gateway_url}/graphql", params=query, headers={"authorization": f"Bearer {token}"})
    (record,) = [one for one in caplog.records if one.getMessage() == "request"]
    logged = fields(record)
    assert logged.pop("milliseconds") >= 0
    assert logged == {
        "method": "GET",
        "path": "/graphql",
        "status": 200,
        "execution": "compiled",
    }


class Seen(logging.Handler):
    """Sets an event when a request is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.event, self.records = asyncio.Event(), list[logging.LogRecord]()

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        if record.getMessage() == "request":
            self.event.set()


@pytest.mark.parametrize("sent", ["", '{"query":'], ids=["before the body", "within the body"])
async def test_a_client_that_hangs_up_while_it_asks_is_no_error(stack: Stack, sent: str) -> None:
    seen, logger = Seen(), logging.getLogger("gateway")
    logger.addHandler(seen)
    logger.setLevel(logging.INFO)
    try:
        address = urlsplit(stack.gateway_url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n"
        writer.write((head + sent).encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await seen.event.wait()
    finally:
        logger.removeHandler(seen)
        logger.setLevel(logging.NOTSET)
    (record,) = seen.records
    assert (record.levelno, fields(record)["status"]) == (logging.INFO, 499)


async def test_what_escapes_before_an_answer_began_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a secret detail")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(RequestEnvelope(broken))) as http:
        response = await http.get("http://gateway/", headers={"x-request-id": "look-here"})
    assert response.status_code == 500
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "retryable": False, "requestId": "look-here"}
    assert "secret detail" not in response.text
    assert [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR] == ["unexpected_error"]


async def test_what_escapes_after_an_answer_began_breaks_it_off(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("late")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(RequestEnvelope(broken))) as http:
        with pytest.raises(RuntimeError, match="late"):
            await http.get("http://gateway/")
    assert [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR] == ["unexpected_error"]


@pytest.mark.parametrize(
    ("path", "status"), [("/graphiql/assets/nope.js", 404), ("/nowhere", 404), ("/graphiql/assets/%ff", 404)]
)
async def test_what_is_not_there_is_no_error_of_the_gateway(
    caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    async with running_stack({"GATEWAY_GRAPHIQL": "on"}) as stack:
        response = await stack.http.get(stack.gateway_url + path)
    assert response.status_code == status
    assert response.headers["x-request-id"]
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("is_accepted", [False, True])
async def test_what_escapes_from_a_socket_is_masked_and_logged_once(
    caplog: pytest.LogCaptureFixture, is_accepted: bool
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await receive()
        if is_accepted:
            await send({"type": "websocket.accept"})
        raise RuntimeError("a secret detail")

    async with serving(RequestEnvelope(broken)) as url:
        if is_accepted:
            async with connect(url.replace("http", "ws"), proxy=None) as socket:
                with pytest.raises(ConnectionClosedError):
                    await socket.recv()
        else:
            with pytest.raises(InvalidStatus) as refused:
                await connect(url.replace("http", "ws"), proxy=None)
            response = refused.value.response
            (error,) = json.loads(response.body)["errors"]
            assert error["extensions"]["requestId"] == response.headers["x-request-id"]
            assert (response.status_code, error["extensions"]["code"]) == (500, "INTERNAL")
    assert [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR] == ["unexpected_error"]


async def test_other_kinds_of_connections_pass_through() -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await RequestEnvelope(app)({"type": "lifespan"}, _never, _never)
    assert seen == ["lifespan"]


async def _never(*_: Any) -> Any:
    raise AssertionError


async def test_a_gateway_that_has_not_started_is_not_ready() -> None:
    app = create_app(read_settings({"GATEWAY_PROJECT_ID": "1"}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        response = await http.get("http://gateway/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not ready"})
