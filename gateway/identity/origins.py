"""Origins of web pages: which may call, and whether a page is the gateway's own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.errors import SettingError
from gateway.identity.addresses import TrustedProxies, forwarded_parameters
from gateway.identity.headers import Headers, header_values

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_ALLOWED = re.compile(r"([a-z][a-z0-9+.-]*)://(\*\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?/?")


@dataclass(frozen=True, slots=True)
class AllowedOrigins:
    """Origins that may call, as a regular expression for what browsers send; `is_any` where every page may."""

    pattern: str = ""
    is_any: bool = False

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "AllowedOrigins":
        """Read `*`, `null`, `scheme://host[:port]` and `scheme://*.host`. Raises SettingError for what cannot match."""
        patterns = [_pattern(text.strip()) for text in texts]
        return cls("|".join(one for one in patterns if one), is_any="" in patterns)

    def allow(self, origin: str) -> bool:
        """Whether pages of this origin may call."""
        return self.is_any or bool(self.pattern and re.fullmatch(self.pattern, origin.strip()))


def _pattern(text: str) -> str:
    """What an allowed origin matches; empty for `*`."""
    if text == "*":
        return ""
    if text == "null":
        # Pages in sandboxed frames and from files have no origin of their own.
        return "null"
    match = _ALLOWED.fullmatch(text.lower())
    if match is None:
        raise SettingError(
            "*, null, or origins such as https://game.example.com, https://*.example.com, app://localhost"
        )
    scheme, wildcard, host, port = match.groups()
    if port and int(port) == _DEFAULT_PORTS.get(scheme):
        port = None  # browsers leave it out
    below = r"(?:[a-z0-9-]+\.)+" if wildcard else ""
    return re.escape(f"{scheme}://") + below + re.escape(host + (f":{port}" if port else ""))


def is_same_origin(origin: str, headers: Headers, peer: str | None, proxies: TrustedProxies) -> bool:
    """Whether a page of `origin` was served under the host that the request is for.

    Behind a proxy that ends TLS the scheme of the request is not the page's, so only host and port are compared, with
    the default port of the page's scheme where one is left out. A trusted proxy's word for the host counts.
    """
    page = _host_and_port(origin)
    if page is None:
        return False
    scheme = origin.partition(":")[0].strip().lower()
    hosts = header_values(headers, "host")
    if proxies.trusts(peer):
        hosts += _forwarded_hosts(headers)
    return any(_host_and_port(f"{scheme}://{host}") == page for host in hosts)


def _forwarded_hosts(headers: Headers) -> list[str]:
    named = [part.strip() for line in header_values(headers, "x-forwarded-host") for part in line.split(",")]
    return named + [host for line in header_values(headers, "forwarded") for host in forwarded_parameters(line, "host")]


def _host_and_port(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url.strip().lower())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    return (host, port or _DEFAULT_PORTS.get(parts.scheme)) if host else None
