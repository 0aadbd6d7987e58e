"""CPU of one upstream call, by connection pool, with the request and response of its kind included.

    scripts/bench upstream_calls [CALLS]

nginx answers 8.5 KB in a process of its own, plain and over TLS. All pools take turns in one process on uvloop, at 1
and at 32 calls in flight; a figure is the best of several turns, in µs of the whole process. Pools that are not
installed are left out. Run it pinned (`taskset -c 1`), and look at ratios within a run only.
"""

import asyncio
import datetime
import importlib
import ssl
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any

import httpx
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench import arguments
from gateway.http.messages import RequestLimits, RequestTemplate
from gateway.http.transport import create_transport

PORTS = {"plain": 9180, "TLS": 9181}
PATH = "/v2/project/44056/user/offer_chain"
BODY_BYTES = 8_500
IN_FLIGHT = (1, 32)
TURNS = 5
HEADERS = (
    ("accept", "application/json"),
    ("accept-encoding", "gzip"),
    ("user-agent", "bench"),
    ("accept-language", "en"),
    ("authorization", "Bearer " + "t" * 400),
)
LIMITS = {"timeout": {"connect": 5.0, "pool": 5.0, "read": 5.0, "write": 5.0, "total": 5.0}}

Call = Callable[[], Awaitable[bytes]]
Pool = Callable[[AsyncExitStack, str, ssl.SSLContext, Path], Awaitable[Call]]

NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors warn; events {{ worker_connections 512; }}
http {{
  access_log off; etag off; server_tokens off; default_type application/json; root {folder};
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  keepalive_timeout 300s; keepalive_requests 1000000000; open_file_cache max=10;
  server {{ listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/cert.pem; try_files /body.json =404; }}
}}
"""


async def own(stack: AsyncExitStack, url: str, _: ssl.SSLContext, cert: Path) -> Call:
    """The pool of this package with requests as its client makes them."""
    transport = await stack.enter_async_context(aclosing(create_transport(ca_file=str(cert))))
    limits = RequestLimits(
        connect_seconds=5.0, pool_seconds=5.0, read_seconds=5.0, write_seconds=5.0, total_seconds=5.0
    )
    template = RequestTemplate(url, HEADERS[:3], limits)

    async def call() -> bytes:
        return (await transport.send(template.request("GET", PATH, HEADERS[3:]))).body

    return call


async def httpx_own(stack: AsyncExitStack, url: str, trusted: ssl.SSLContext, _: Path) -> Call:
    """The pool of httpx."""
    return through(await stack.enter_async_context(httpx.AsyncHTTPTransport(verify=trusted)), url)


async def pyreqwest(stack: AsyncExitStack, url: str, _: ssl.SSLContext, cert: Path) -> Call:
    """The httpx transport of pyreqwest."""
    authority = cert.read_bytes()  # noqa: ASYNC240 - before anything is measured
    built = importlib.import_module("pyreqwest.client").ClientBuilder().add_root_certificate_pem(authority)
    transport = importlib.import_module("pyreqwest.compatibility.httpx").HttpxTransport(built.build())
    return through(await stack.enter_async_context(transport), url)


async def aiohttp(stack: AsyncExitStack, url: str, trusted: ssl.SSLContext, _: Path) -> Call:
    """The pool of aiohttp between httpx's request and response."""
    library: Any = importlib.import_module("aiohttp")
    connector = library.TCPConnector(limit=0, ssl=trusted)
    session = await stack.enter_async_context(library.ClientSession(connector=connector, auto_decompress=False))
    timeout = library.ClientTimeout(total=5, sock_read=5)

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
            async with session.request(request.method, str(request.url), headers=headers, timeout=timeout) as response:
                return httpx.Response(response.status, headers=response.raw_headers, content=await response.read())

    return through(Transport(), url)


def through(transport: httpx.AsyncBaseTransport, url: str) -> Call:
    """A call as one writes it with httpx's objects."""

    async def call() -> bytes:
        request = httpx.Request("GET", url + PATH, headers=HEADERS, extensions=LIMITS)
        return await (await transport.handle_async_request(request)).aread()

    return call


POOLS: dict[str, Pool] = {
    "httpx": httpx_own,
    "aiohttp": aiohttp,
    "pyreqwest": pyreqwest,
    "own": own,
}


async def cpu_us(call: Call, in_flight: int, count: int) -> float:
    """CPU of one call in µs."""

    async def worker() -> None:
        for _ in range(count // in_flight):
            if len(await call()) != BODY_BYTES:
                raise SystemExit("not the answer")

    started = time.process_time()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return (time.process_time() - started) * 1e6 / (count // in_flight * in_flight)


async def measure(folder: Path, count: int) -> None:
    """Print the table."""
    cert = folder / "cert.pem"
    trusted = ssl.create_default_context(cafile=str(cert))
    best: dict[str, dict[tuple[str, int], float]] = {}
    async with AsyncExitStack() as stack:
        calls: dict[tuple[str, str], Call] = {}
        for way, port in PORTS.items():
            url = f"{'https' if way == 'TLS' else 'http'}://localhost:{port}"
            for name, pool in POOLS.items():
                try:
                    calls[name, way] = await pool(stack, url, trusted, cert)
                except ModuleNotFoundError:
                    continue
                await cpu_us(calls[name, way], 32, 320)
        for _ in range(TURNS):
            for (name, way), call in calls.items():
                for in_flight in IN_FLIGHT:
                    used = await cpu_us(call, in_flight, count)
                    row = best.setdefault(name, {})
                    row[way, in_flight] = min(used, row.get((way, in_flight), used))
    print(f"{'pool':<24}" + "".join(f"{f'{way} {n}':>10}" for way in PORTS for n in IN_FLIGHT))  # noqa: T201 - the table
    for name, row in best.items():
        print(f"{name:<24}" + "".join(f"{row[way, n]:>10.1f}" for way in PORTS for n in IN_FLIGHT))  # noqa: T201


def write_certificate(file: Path) -> None:
    """Write a certificate for localhost that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))


def main(count: int) -> None:
    """Start nginx, measure, and stop it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        write_certificate(folder / "cert.pem")
        (folder / "body.json").write_bytes(b"x" * BODY_BYTES)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, plain=PORTS["plain"], tls=PORTS["TLS"]))
        server = subprocess.Popen(["nginx", "-p", name, "-c", "nginx.conf"])
        try:
            time.sleep(0.5)
            uvloop.run(measure(folder, count))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(arguments.count(__doc__, "CALLS", 3_000))
