"""The way through a proxy: tunnels to https origins, whole URLs for http ones, and refusals before anything is sent."""

import asyncio
import logging
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import Message

from gateway.app import Gateway, create_app
from gateway.http.origin import Origin
from gateway.http.proxy import Proxy
from gateway.http.tunnel import MAX_HEAD_BYTES, Tunnel, start_tls
from gateway.settings import read_settings
from tests.support.certificates import Authority
from tests.support.connect_proxy import ConnectProxy
from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer

BASIC = f"Basic {b64encode(b'us@er:pa:ss').decode()}".encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests here."""
    return Authority(tmp_path_factory.mktemp("proxy"))


async def echo_path(call: Call) -> None:
    await call.answer(call.path)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_https_goes_through_a_tunnel_that_serves_several_requests(authority: Authority, scheme: str) -> None:
    tls = authority.server("localhost")
    async with (
        RawServer(echo_path, tls=tls) as server,
        ConnectProxy(server.port, tls=tls if scheme == "https" else None) as proxy,
        create_transport(
            ca_file=str(authority.file), proxy=Proxy.of(f"{scheme}://us%40er:pa%3Ass@localhost:{proxy.port}")
        ) as transport,
    ):
        for path in ("/1", "/2"):
            answer = await transport.handle_async_request(
                httpx.Request(
                    "POST", server.url + path, headers={"authorization": "Bearer secret"}, content=b"x" * 100_000
                )
            )
            assert answer.text == path
    (head,) = proxy.heads
    authority_text = b"localhost:%d" % server.port
    assert head == (
        b"CONNECT %s HTTP/1.1\r\nHost: %s\r\nProxy-Authorization: %s\r\n\r\n" % (authority_text, authority_text, BASIC)
    )
    assert all(b"Proxy-Authorization" not in request for request in server.requests)
    assert server.connections == 1


async def test_http_names_the_whole_url() -> None:
    async with (
        RawServer(echo_path) as proxy,
        create_transport(proxy=Proxy.of(f"http://us%40er:pa%3Ass@127.0.0.1:{proxy.port}/")) as transport,
    ):
        for path in ("/1?a=b", "/2"):
            answer = await transport.handle_async_request(httpx.Request("GET", f"http://store.example:81{path}"))
            assert answer.text == f"http://store.example:81{path}"
    first, _ = proxy.requests
    assert first.startswith(b"GET http://store.example:81/1?a=b HTTP/1.1\r\nHost: store.example:81\r\n")
    assert b"\r\nProxy-Authorization: %s\r\n" % BASIC in first
    assert proxy.connections == 1


async def test_a_proxy_without_credentials_gets_none() -> None:
    async with (
        RawServer(echo_path) as proxy,
        create_transport(proxy=Proxy.of(f"http://127.0.0.1:{proxy.port}")) as transport,
    ):
        await transport.handle_async_request(httpx.Request("GET", "http://store.example/"))
    assert b"proxy-authorization" not in proxy.requests[0].lower()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "the proxy answered 407"),
        (b"HTTP/1.0 502 Bad Gateway\r\n\r\n", "the proxy answered 502"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 OK\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", "too much"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * MAX_HEAD_BYTES, "too much"),
        (b"HTTP/1.1 200", "hung up"),
    ],
    ids=["credentials", "unreachable", "other-protocol", "no-status", "speaks-first", "endless-head", "hangs-up"],
)
async def test_a_tunnel_that_does_not_open_means_that_nothing_was_sent(
    authority: Authority, answer: bytes, text: str
) -> None:
    async with (
        ConnectProxy(answer=answer) as proxy,
        create_transport(proxy=Proxy.of(f"http://us:secret@127.0.0.1:{proxy.port}")) as transport,
    ):
        with pytest.raises(httpx.ConnectError, match=text) as caught:
            await transport.handle_async_request(httpx.Request("POST", "https://store.example/"))
    assert "secret" not in str(caught.value)
    assert len(proxy.heads) == 1


async def test_credentials_that_a_proxy_refuses_for_http_mean_that_nothing_reached_the_upstream() -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with (
        RawServer(script) as proxy,
        create_transport(proxy=Proxy.of(f"http://127.0.0.1:{proxy.port}")) as transport,
    ):
        with pytest.raises(httpx.ConnectError, match="407"):
            await transport.handle_async_request(httpx.Request("POST", "http://store.example/"))


async def test_the_certificate_behind_a_tunnel_is_that_of_the_origin(authority: Authority) -> None:
    async with (
        RawServer(echo_path, tls=authority.server("other.example")) as server,
        ConnectProxy(server.port) as proxy,
        create_transport(ca_file=str(authority.file), proxy=Proxy.of(f"http://127.0.0.1:{proxy.port}")) as transport,
    ):
        with pytest.raises(httpx.ConnectError, match="SSLCertVerificationError"):
            await transport.handle_async_request(httpx.Request("POST", server.url))
    assert server.requests == []


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["connect", "tls"])
async def test_a_proxy_or_what_is_behind_it_that_says_nothing_ends_with_the_connect_bound(answer: bytes) -> None:
    async def silent(call: Call) -> None:
        await call.send(answer)
        await call.until_closed()

    async with (
        RawServer(silent) as proxy,
        create_transport(proxy=Proxy.of(f"http://127.0.0.1:{proxy.port}"), connect_timeout_seconds=0.2) as transport,
    ):
        with pytest.raises(httpx.ConnectTimeout):
            await transport.handle_async_request(httpx.Request("POST", "https://store.example/"))


async def test_a_caller_that_stops_waiting_for_a_tunnel_closes_it() -> None:
    closed = asyncio.Event()

    async def silent(call: Call) -> None:
        await call.until_closed()
        closed.set()

    async with (
        RawServer(silent) as proxy,
        create_transport(proxy=Proxy.of(f"http://127.0.0.1:{proxy.port}")) as transport,
    ):
        asking = asyncio.ensure_future(transport.handle_async_request(httpx.Request("GET", "https://store.example/")))
        await proxy.arrived(1)
        asking.cancel()
        await closed.wait()
        with pytest.raises(asyncio.CancelledError):
            await asking


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://proxy.example", Origin("http", "proxy.example", 80)),
        ("https://user@proxy.example/", Origin("https", "proxy.example", 443)),
        ("http://[::1]:3128", Origin("http", "::1", 3128)),
    ],
)
def test_the_address_of_a_proxy_is_read(url: str, origin: Origin) -> None:
    assert Proxy.of(url).origin == origin


def test_a_tunnel_to_an_ipv6_address_has_it_in_brackets_and_no_text_shows_credentials() -> None:
    proxy = Proxy.of("http://user:secret@proxy.example:3128")
    assert proxy.connect_request(Origin("https", "::1", 443)).startswith(
        b"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n"
    )
    assert repr(proxy) == "Proxy(http://proxy.example:3128)"


@asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[None]:
    """The gateway's life, without a server around it."""
    orders: asyncio.Queue[Message] = asyncio.Queue()
    done: asyncio.Queue[Message] = asyncio.Queue()
    life = asyncio.ensure_future(gateway({"type": "lifespan"}, orders.get, done.put))
    for step in ("startup", "shutdown"):
        orders.put_nowait({"type": f"lifespan.{step}"})
        assert (await done.get())["type"] == f"lifespan.{step}.complete"
        if step == "startup":
            yield
    await life


async def test_the_setting_leads_the_gateways_calls_through_the_proxy(caplog: pytest.LogCaptureFixture) -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with RawServer(script) as proxy:
        settings = read_settings(
            {
                "GATEWAY_PROJECT_ID": "1",
                "GATEWAY_UPSTREAM_URL": "http://store.example/api",
                "GATEWAY_UPSTREAM_PROXY": f"http://user:password-of-ours@127.0.0.1:{proxy.port}",
                "GATEWAY_UPSTREAM_CONNECT_SECONDS": "30",
                "GATEWAY_UPSTREAM_READ_SECONDS": "30",
                "GATEWAY_QUERY_SECONDS": "60",
            }
        )
        gateway = create_app(settings)
        transport = httpx.ASGITransport(gateway.app)
        with caplog.at_level(logging.DEBUG):
            async with running(gateway), httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                body = (await client.post("/graphql", json={"query": "{ viewer { offerChains { id } } }"})).json()
    assert body["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert proxy.requests[0].startswith(b"GET http://store.example/api/v2/project/1/user/offer_chain HTTP/1.1\r\n")
    credentials = b64encode(b"user:password-of-ours").decode()
    assert credentials.encode() in proxy.requests[0]
    told = repr([vars(record) for record in caplog.records]) + repr(settings)
    assert "password-of-ours" not in told
    assert credentials not in told
    assert "the proxy answered 407" in told


class ClosingTransport(asyncio.Transport):
    """A transport that closed while TLS began."""

    def is_closing(self) -> bool:
        return True


async def test_a_tunnel_that_closes_while_tls_begins_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    async def start(*_: object, **__: object) -> asyncio.Transport:
        return ClosingTransport()

    monkeypatch.setattr(asyncio.get_running_loop(), "start_tls", start)
    with pytest.raises(httpx.ConnectError, match="closed at once"):
        await start_tls(ClosingTransport(), asyncio.Protocol(), ssl.create_default_context(), "store.example")


async def test_what_a_proxy_says_behind_its_answer_changes_nothing() -> None:
    tunnel = Tunnel(b"")
    tunnel.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
    tunnel.data_received(b"more")
    tunnel.connection_lost(None)
    await tunnel.until_open()
