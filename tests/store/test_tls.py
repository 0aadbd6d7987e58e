"""TLS to the store: the server's certificate is checked, and a client's own is shown."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from gateway.store.errors import StoreUnavailable
from tests.support.certificates import Authority
from tests.support.store_servers import Fleet, Redis, free_port, redis


class Served(NamedTuple):
    """A server with TLS that asks for certificates, and files for clients."""

    port: int
    ca_file: Path
    other_ca_file: Path
    cert_file: Path
    key_file: Path


@pytest.fixture
def served(server: Redis, tmp_path: Path) -> Iterator[Served]:
    del server
    authority, other = Authority(tmp_path, "authority"), Authority(tmp_path, "other")
    cert_file, key_file = authority.issue("server")
    port = free_port()
    files = ("--tls-cert-file", cert_file, "--tls-key-file", key_file, "--tls-ca-cert-file", authority.file)
    for _ in redis("--tls-port", str(port), "--bind", "127.0.0.1", *map(str, files)):
        yield Served(port, authority.file, other.file, *authority.issue("client"))


async def answer(served: Served, **files: Path) -> object:
    fleet = Fleet(url=f"rediss://127.0.0.1:{served.port}")
    client = fleet.new_client(**{name: str(path) for name, path in files.items()})
    try:
        return await client.call("begin", "any", "ECHO", "mine")
    finally:
        await fleet.aclose()
        # TLS takes leave of the server before its socket is closed.
        await asyncio.sleep(0.05)


async def test_a_server_of_the_authority_is_spoken_to(served: Served) -> None:
    files = {"ca_file": served.ca_file, "cert_file": served.cert_file, "key_file": served.key_file}
    assert await answer(served, **files) == b"mine"


async def test_a_server_of_another_authority_is_not_spoken_to(served: Served) -> None:
    files = {"ca_file": served.other_ca_file, "cert_file": served.cert_file, "key_file": served.key_file}
    with pytest.raises(StoreUnavailable, match="tls"):
        await answer(served, **files)


async def test_a_client_without_a_certificate_is_refused(served: Served) -> None:
    with pytest.raises(StoreUnavailable, match=r"tls|connect"):
        await answer(served, ca_file=served.ca_file)
