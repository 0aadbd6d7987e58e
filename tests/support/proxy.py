"""nginx and Caddy, started on free ports with a certificate of their own."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NGINX = "nginx"
CADDY = "caddy"


@dataclass(frozen=True, slots=True)
class Way:
    """How a proxy passes requests on: below which path it serves, whether it cuts that off, what it says of clients.

    nginx may be a cache as well, of all that responses let a shared cache keep.
    """

    prefix: str = ""
    is_stripped: bool = False
    tells_port: bool = False
    is_cache: bool = False


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running proxy: its URL, and what clients trust it by."""

    url: str
    trust: ssl.SSLContext


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def certificate(folder: Path) -> ssl.SSLContext:
    """Write `cert.pem` and `key.pem` for `localhost`; gives what trusts them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return ssl.create_default_context(cafile=folder / "cert.pem")


def nginx_configuration(folder: Path, port: int, way: Way, gateways: Sequence[str]) -> str:
    """Settings that docs/operate.md recommends, on one port with TLS and HTTP/2."""
    servers = "".join(f"server {one.removeprefix('http://')} max_fails=0; " for one in gateways)
    forwarded = "$remote_addr:$remote_port" if way.tells_port else "$proxy_add_x_forwarded_for"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    cached = f"proxy_cache_path {folder}/cache keys_zone=answers:1m; proxy_cache answers;" if way.is_cache else ""
    return f"""
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 512; }}
http {{
    access_log off; {temporary} {cached}
    add_header X-Cache $upstream_cache_status always;
    map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
    upstream gateway {{ {servers}keepalive 16; }}
    server {{
        listen 127.0.0.1:{port} ssl http2;
        ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
        location {way.prefix}/ {{
            proxy_pass http://gateway{"/" if way.is_stripped else ""};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For {forwarded};
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout 1h;
        }}
    }}
}}
"""


def caddy_configuration(folder: Path, port: int, way: Way, gateways: Sequence[str]) -> str:
    """The same for Caddy."""
    header = "header_up X-Forwarded-For {remote}" if way.tells_port else ""
    handle = f"{'handle_path' if way.is_stripped else 'handle'} {way.prefix}/*"
    return f"""
{{
    admin off
    auto_https off
    storage file_system {folder}/storage
}}
https://localhost:{port} {{
    bind 127.0.0.1
    tls {folder}/cert.pem {folder}/key.pem
    {handle} {{
        reverse_proxy {" ".join(gateways)} {{
            {header}
        }}
    }}
}}
"""


@asynccontextmanager
async def running_proxy(program: str, folder: Path, way: Way, gateways: Sequence[str]) -> AsyncIterator[Proxy]:
    """Run a proxy in front of gateways until the end; the test is skipped where it is not installed."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program}")
    trust, port, file = certificate(folder), free_port(), folder / f"{program}.conf"
    if program == NGINX:
        file.write_text(nginx_configuration(folder, port, way, gateways))
        arguments = ["-p", str(folder), "-c", str(file), "-e", "stderr"]
    else:
        file.write_text(caddy_configuration(folder, port, way, gateways))
        arguments = ["run", "--adapter", "caddyfile", "--config", str(file)]
    environment = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(found, *arguments, stderr=log, stdout=log, env=environment)
    try:
        await _until_it_listens(process, port, folder / "proxy.log")
        yield Proxy(f"https://localhost:{port}{way.prefix}", trust)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_it_listens(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    async with asyncio.timeout(60):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            writer.close()
            return
    raise AssertionError(_text(log))


def _text(file: Path) -> str:
    return file.read_text()
