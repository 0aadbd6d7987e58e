"""TLS with an authority of its own: trusted when named, refused otherwise."""

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.support.certificates import Authority
from tests.support.long_timeout_transport import create_transport
from tests.support.raw_server import Call, RawServer


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests here."""
    return Authority(tmp_path_factory.mktemp("tls"))


async def echo_path(call: Call) -> None:
    """Answer with the request's path."""
    await call.answer(call.path)


async def test_a_server_of_the_named_authority_is_trusted_and_its_connection_reused(authority: Authority) -> None:
    async with (
        RawServer(echo_path, tls=authority.server("localhost")) as server,
        create_transport(ca_file=str(authority.file)) as transport,
    ):
        texts = [
            (await transport.handle_async_request(httpx.Request("GET", server.url + path))).text
            for path in ("/1", "/2")
        ]
    assert texts == ["/1", "/2"]
    assert server.connections == 1


async def test_a_server_with_another_name_is_refused_before_anything_is_sent(authority: Authority) -> None:
    async with (
        RawServer(echo_path, tls=authority.server("other.example")) as server,
        create_transport(ca_file=str(authority.file)) as transport,
    ):
        with pytest.raises(httpx.ConnectError, match="SSLCertVerificationError"):
            await transport.handle_async_request(httpx.Request("POST", server.url))
    assert server.requests == []


async def test_a_server_of_an_unknown_authority_is_refused_before_anything_is_sent(authority: Authority) -> None:
    async with RawServer(echo_path, tls=authority.server("localhost")) as server, create_transport() as transport:
        with pytest.raises(httpx.ConnectError, match="SSLCertVerificationError"):
            await transport.handle_async_request(httpx.Request("POST", server.url))
    assert server.requests == []


async def test_a_server_without_tls_is_refused(authority: Authority) -> None:
    async def speaks_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(speaks_plainly, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, create_transport(ca_file=str(authority.file)) as transport:
        with pytest.raises(httpx.ConnectError, match="SSLError"):
            await transport.handle_async_request(httpx.Request("POST", url))


async def test_a_body_cut_inside_tls_is_an_error(authority: Authority) -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        await call.hang_up()

    async with (
        RawServer(script, tls=authority.server("localhost")) as server,
        create_transport(ca_file=str(authority.file)) as transport,
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            await transport.handle_async_request(httpx.Request("POST", server.url))
    assert len(server.requests) == 1


async def test_a_large_body_arrives_whole_and_its_connection_serves_on(authority: Authority) -> None:
    async def script(call: Call) -> None:
        await call.answer(b"%d" % len(call.raw.partition(b"\r\n\r\n")[2]))

    async with (
        RawServer(script, tls=authority.server("localhost")) as server,
        create_transport(ca_file=str(authority.file)) as transport,
    ):
        for _ in range(2):
            request = httpx.Request("POST", server.url, content=b"x" * 10_000_000)
            assert (await transport.handle_async_request(request)).text == "10000000"
    assert server.connections == 1


async def test_a_body_that_the_upstream_does_not_take_ends_with_the_write_bound(authority: Authority) -> None:
    given_up, ended = asyncio.Event(), asyncio.Event()

    async def reads_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await given_up.wait()
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(reads_nothing, "127.0.0.1", 0, ssl=authority.server("localhost"))
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
    async with server, create_transport(ca_file=str(authority.file)) as transport:
        request = httpx.Request("POST", url, content=b"x" * 20_000_000, extensions={"timeout": {"write": 0.2}})
        with pytest.raises(httpx.WriteTimeout):
            await transport.handle_async_request(request)
        given_up.set()
        await ended.wait()


async def test_a_kept_connection_that_the_server_ended_is_not_used(authority: Authority) -> None:
    ended = asyncio.Event()

    async def script(call: Call) -> None:
        await call.answer(call.path)
        if call.path == b"/first":
            await call.hang_up()
            ended.set()

    async with (
        RawServer(script, tls=authority.server("localhost")) as server,
        create_transport(ca_file=str(authority.file)) as transport,
    ):
        await transport.handle_async_request(httpx.Request("GET", f"{server.url}/first"))
        await ended.wait()
        assert (await transport.handle_async_request(httpx.Request("POST", f"{server.url}/order"))).text == "/order"
    assert server.connections == 2


def test_an_authority_file_that_is_missing_fails_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create_transport(ca_file=str(tmp_path / "missing.pem"))
