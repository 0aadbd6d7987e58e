"""TLS with an authority of its own: trusted when named, refused otherwise."""

import asyncio
import datetime
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.patient_transport import create_transport
from tests.support.raw_server import Call, RawServer


@dataclass(frozen=True)
class Authority:
    """A certificate authority made for the test run."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def ca_file(self) -> str:
        """The file that makes a client trust it."""
        return str(self.folder / "ca.pem")

    def server(self, host: str) -> ssl.SSLContext:
        """Return the context of a server that proves to be this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = signed(host, key.public_key(), self.key, self.certificate.subject, names)
        file = self.folder / f"{host}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def signed(
    subject: str,
    key: ec.EllipticCurvePublicKey,
    by: ec.EllipticCurvePrivateKey,
    issuer: x509.Name | None,
    *extensions: x509.ExtensionType,
) -> x509.Certificate:
    """Return a certificate that is good for a day; without an issuer it signs itself."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=issuer is None)
    return builder.sign(by, hashes.SHA256())


def signs_certificates() -> x509.KeyUsage:
    """Return what an authority's key is for; Python 3.13 refuses one that does not say it."""
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests here."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    is_ca = x509.BasicConstraints(ca=True, path_length=None)
    certificate = signed("test authority", key.public_key(), key, None, is_ca, signs_certificates())
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate)


async def echo_path(call: Call) -> None:
    """Answer with the request's path."""
    await call.answer(call.path)


async def test_a_server_of_the_named_authority_is_trusted_and_its_connection_reused(authority: Authority) -> None:
    async with (
        RawServer(echo_path, tls=authority.server("localhost")) as server,
        create_transport(ca_file=authority.ca_file) as transport,
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
        create_transport(ca_file=authority.ca_file) as transport,
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
    async with server, create_transport(ca_file=authority.ca_file) as transport:
        with pytest.raises(httpx.ConnectError, match="SSLError"):
            await transport.handle_async_request(httpx.Request("POST", url))


async def test_a_body_cut_inside_tls_is_an_error(authority: Authority) -> None:
    async def script(call: Call) -> None:
        await call.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        await call.hang_up()

    async with (
        RawServer(script, tls=authority.server("localhost")) as server,
        create_transport(ca_file=authority.ca_file) as transport,
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            await transport.handle_async_request(httpx.Request("POST", server.url))
    assert len(server.requests) == 1


async def test_a_large_body_arrives_whole_and_its_connection_serves_on(authority: Authority) -> None:
    async def script(call: Call) -> None:
        await call.answer(b"%d" % len(call.raw.partition(b"\r\n\r\n")[2]))

    async with (
        RawServer(script, tls=authority.server("localhost")) as server,
        create_transport(ca_file=authority.ca_file) as transport,
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
    async with server, create_transport(ca_file=authority.ca_file) as transport:
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
        create_transport(ca_file=authority.ca_file) as transport,
    ):
        await transport.handle_async_request(httpx.Request("GET", f"{server.url}/first"))
        await ended.wait()
        assert (await transport.handle_async_request(httpx.Request("POST", f"{server.url}/order"))).text == "/order"
    assert server.connections == 2


def test_an_authority_file_that_is_missing_fails_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        create_transport(ca_file=str(tmp_path / "missing.pem"))
