"""The stub upstream: nginx with the stub's answers as files in memory; plain, 20 ms late, and over TLS."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench import processes, stub

PATH = f"/api/v2/project/{stub.PROJECT_ID}"
LATE_SECONDS = 0.02
LARGER = 10

_MODULES = Path("/usr/lib/nginx/modules")


class Distance(Enum):
    """How far away the upstream is, and what it shows to whom."""

    NEAR = "0 ms"
    PROGRESS = "0 ms, progress of each player's own"
    LARGE = "0 ms, ten times as many steps"
    COMPRESSED = "0 ms, compressed"
    OWN = "0 ms, data of each player's own"
    FAR = "20 ms"
    TLS = "TLS"


@dataclass(frozen=True, slots=True)
class Upstream:
    """A running stub upstream."""

    pid: int
    ports: dict[Distance, int]
    ca_file: Path

    def origin(self, distance: Distance) -> str:
        """Scheme, host and port at a distance."""
        scheme = "https" if distance is Distance.TLS else "http"
        return f"{scheme}://127.0.0.1:{self.ports[distance]}"


@contextmanager
def running(folder: Path) -> Iterator[Upstream]:
    """Run the stub with its files in `folder`, on the core of the load generator."""
    _write(folder / "answers", stub.answers())
    _write(folder / "large", stub.answers(LARGER))
    for token in stub.tokens():
        _write(folder / "progress" / stub.mark(token), stub.progress_of(token))
    certificate, key = folder / "upstream.pem", folder / "upstream.key"
    make_certificate(certificate, key)
    ports = {distance: free_port() for distance in Distance}
    configuration = folder / "nginx.conf"
    configuration.write_text(configuration_text(folder, ports))
    process = processes.start(
        ["nginx", "-c", str(configuration), "-e", str(folder / "nginx.err")],
        core=processes.LOAD_CORE,
        log=folder / "nginx.log",
    )
    try:
        yield Upstream(process.pid, ports, certificate)
    finally:
        processes.end(process)


def _write(folder: Path, answers: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, body in answers.items():
        (folder / f"{name}.json").write_bytes(body)


def version() -> str:
    """nginx's version."""
    told = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return told.rpartition("/")[2].split()[0]


def free_port() -> int:
    """A port of this machine that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def configuration_text(folder: Path, ports: dict[Distance, int]) -> str:
    """nginx's configuration: one server a distance; 401 without a credential."""
    tls = f"ssl_certificate {folder}/upstream.pem; ssl_certificate_key {folder}/upstream.key;"
    own = 'set_by_lua_block $own { return string.format("%08x", ngx.crc32_short(ngx.var.http_authorization or "")) }'
    compressed = "gzip on; gzip_types application/json; gzip_comp_level 1;"
    sites = "\n".join(
        (
            _site(folder, f"{ports[Distance.NEAR]}"),
            _site(folder, f"{ports[Distance.PROGRESS]}", own, root="progress/$own"),
            _site(folder, f"{ports[Distance.LARGE]}", root="large"),
            _site(folder, f"{ports[Distance.COMPRESSED]}", compressed),
            _site(folder, f"{ports[Distance.OWN]}", offers=_own("OFFERS"), rewards=_own("REWARDS"), days=_own("DAYS")),
            _site(folder, f"{ports[Distance.FAR]}", f"access_by_lua_block {{ ngx.sleep({LATE_SECONDS}) }}"),
            _site(folder, f"{ports[Distance.TLS]} ssl", tls),
        )
    )
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""
load_module {_MODULES}/ndk_http_module.so;
load_module {_MODULES}/ngx_http_lua_module.so;
worker_processes 1; daemon off; {user}
pid {folder}/nginx.pid; error_log {folder}/nginx.err warn;
events {{ worker_connections 8192; }}
http {{
  lua_package_path "/usr/share/lua/5.1/?.lua;;";
  init_by_lua_block {{
    local function read(name)
      local file = assert(io.open(name)); local text = file:read("*a"); file:close()
      return text
    end
    OFFERS, REWARDS = read("{folder}/answers/offer_chain.json"), read("{folder}/answers/reward_chain.json")
    DAYS = read("{folder}/answers/daily_chain.json")
  }}
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; etag off; gzip off; server_tokens off;
  keepalive_timeout 300s; keepalive_requests 1000000000; default_type application/json;
  open_file_cache max=2000 inactive=600s; open_file_cache_valid 600s; open_file_cache_min_uses 1;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{sites}
}}
"""


def _own(body: str) -> str:
    """An answer with the player's own mark in each item."""
    return f"""content_by_lua_block {{
      local own = string.format("%08x", ngx.crc32_short(ngx.var.http_authorization))
      local answer = {body}:gsub("{stub.MARK}", own)
      ngx.header.content_length = #answer
      ngx.print(answer)
    }}"""


def _site(
    folder: Path,
    listen: str,
    more: str = "",
    *,
    root: str = "answers",
    offers: str = "try_files /offer_chain.json =404;",
    rewards: str = "try_files /reward_chain.json =404;",
    days: str = "try_files /daily_chain.json =404;",
) -> str:
    return f"""
  server {{
    listen 127.0.0.1:{listen} backlog=4096; {more} root {folder}/{root};
    if ($http_authorization = "") {{ return 401; }}
    location = {PATH}/user/offer_chain {{ {offers} }}
    location = {PATH}/user/reward_chain {{ {rewards} }}
    location = {PATH}/user/daily_chain {{ {days} }}
    location ~ ^{PATH}/user/reward_chain/(?<chain>[0-9]+)/balance$ {{ try_files /balance_$chain.json =404; }}
  }}"""


def make_certificate(certificate: Path, key: Path) -> None:
    """Write a self-signed certificate for this machine's loopback address, valid for a day, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stub upstream")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    key.chmod(0o600)
