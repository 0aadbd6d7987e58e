"""What the gateway leans on inside of other packages, and what breaks without it; `pyproject.toml` bounds them above.

When one of these fails after an update, the file named beside it has to be read anew before the bound is raised.
"""

import inspect
import tomllib
from pathlib import Path

import httptools
import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.server import ServerProtocol

USED = [
    # server/http_protocol.py: the bounds are put around these.
    (HttpToolsProtocol, "data_received", "(self, data)", "heads, bodies and pipelines have no bound"),
    (HttpToolsProtocol, "on_message_begin", "(self)", "the size of a head is not counted"),
    (HttpToolsProtocol, "on_url", "(self, url)", "the size of a target is not counted"),
    (HttpToolsProtocol, "on_header", "(self, name, value)", "trailers pass for fields of the head"),
    (HttpToolsProtocol, "on_headers_complete", "(self)", "heads have no bound"),
    (HttpToolsProtocol, "on_body", "(self, body)", "trailers have no bound"),
    (HttpToolsProtocol, "on_message_complete", "(self)", "the body after an ignored upgrade is lost"),
    (HttpToolsProtocol, "on_response_complete", "(self)", "requests that were held back are never run"),
    (HttpToolsProtocol, "_start_asgi_task", "(self, cycle, app)", "nobody knows which request is run"),
    (HttpToolsProtocol, "_should_upgrade", "(self)", "sockets cannot be told from other upgrades"),
    (HttpToolsProtocol, "_unset_keepalive_if_required", "(self)", "connections in use are closed as idle"),
    (HttpToolsProtocol, "handle_websocket_upgrade", "(self)", "sockets cannot be opened"),
    (HttpToolsProtocol, "timeout_keep_alive_handler", "(self)", "clients that take no response stay"),
    (RequestResponseCycle, "run_asgi", "(self, app)", "requests are not run"),
    (FlowControl, "pause_reading", "(self)", "a full pipeline is read on"),
    (FlowControl, "resume_reading", "(self)", "a full pipeline is read on"),
    # server/websocket_protocol.py
    (WebSocketsSansIOProtocol, "data_received", "(self, data)", "frames have no bound"),
    (WebSocketsSansIOProtocol, "handle_events", "(self)", "frames are not taken"),
    (WebSocketsSansIOProtocol, "handle_cont", "(self, event)", "fragments have no bound"),
    (WebSocketsSansIOProtocol, "handle_ping", "(self)", "pings have no bound"),
    (WebSocketsSansIOProtocol, "handle_pong", "(self, event)", "pongs have no bound"),
    (WebSocketsSansIOProtocol, "send_receive_event_to_app", "(self)", "broken UTF-8 is logged as an error"),
    (WebSocketsSansIOProtocol, "handle_parser_exception", "(self)", "sockets are not closed with a code"),
    (WebSocketsSansIOProtocol, "keepalive_timeout", "(self)", "clients that are gone stay"),
    (ServerProtocol, "fail", "(self, code, reason='')", "sockets are not closed with a code"),
    # server/serve.py
    (uvicorn.Server, "startup", "(self, sockets=None)", "nobody is told when the server answers"),
    (uvicorn.Server, "shutdown", "(self, sockets=None)", "listeners are cut instead of told"),
    (uvicorn.Server, "capture_signals", "(self)", "two servers in one process take each other's signals"),
]


@pytest.mark.parametrize(
    ("owner", "name", "signature", "breaks"), USED, ids=[f"{one.__name__}.{name}" for one, name, _, _ in USED]
)
def test_a_method_is_there_with_its_parameters(owner: type, name: str, signature: str, breaks: str) -> None:
    method = getattr(owner, name, None)
    assert method is not None, breaks
    found = inspect.signature(method)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in found.parameters.values()]
    assert str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty)) == signature, breaks


ATTRIBUTES = [
    (
        HttpToolsProtocol,
        "app config connections cycle flow headers loop parser pipeline scope transport url",
        "the bounds are kept from the wrong values",
    ),
    (
        RequestResponseCycle,
        "disconnected keep_alive message_event response_complete response_started",
        "requests that are given up go on",
    ),
    (
        WebSocketsSansIOProtocol,
        "close_sent conn curr_msg_data_type frames handshake_complete initial_response loop read_paused writable",
        "sockets are read while nobody takes what they send",
    ),
    (FlowControl, "read_paused write_paused", "slow applications cost their clients the connection"),
]


@pytest.mark.parametrize(("owner", "names", "breaks"), ATTRIBUTES, ids=[one.__name__ for one, _, _ in ATTRIBUTES])
def test_an_attribute_is_there(owner: type, names: str, breaks: str) -> None:
    source = inspect.getsource(owner)
    assert [name for name in names.split() if f"self.{name}" not in source] == [], breaks


def test_the_parser_of_websockets_tells_of_failed_handshakes_and_frames() -> None:
    protocol = ServerProtocol()
    assert (protocol.handshake_exc, protocol.parser_exc) == (None, None)


def test_the_http_parser_takes_the_end_of_a_head_with_an_upgrade_for_the_end_of_the_request() -> None:
    class Told:
        calls: list[str]

        def __init__(self) -> None:
            self.calls = []

        def on_headers_complete(self) -> None:
            self.calls.append("head")

        def on_message_complete(self) -> None:
            self.calls.append("end")

    told = Told()
    head = b"POST / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\n"
    with pytest.raises(httptools.HttpParserUpgrade) as upgrade:
        httptools.HttpRequestParser(told).feed_data(head + b"hello")
    assert upgrade.value.args == (len(head),), "bodies after ignored upgrades are read from the wrong place"
    assert told.calls == ["head", "end"]


@pytest.mark.parametrize("package", ["uvicorn", "httptools", "websockets"])
def test_a_package_whose_inside_is_used_is_bounded_above(package: str) -> None:
    dependencies = tomllib.loads(Path("pyproject.toml").read_text())["project"]["dependencies"]
    (requirement,) = (one for one in dependencies if one.startswith(package))
    assert ",<" in requirement
