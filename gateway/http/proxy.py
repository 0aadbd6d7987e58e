"""The outbound proxy: where it is, and the request for a tunnel to an origin behind it (CONNECT)."""

from base64 import b64encode
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from gateway.http.origin import DEFAULT_PORTS, Origin


class Proxy(NamedTuple):
    """An HTTP proxy; `headers` (header lines) hold its credentials and are never logged."""

    origin: Origin
    headers: str = ""

    @classmethod
    def of(cls, url: str) -> "Proxy":
        """The proxy at `http://user:password@host:port` or `https://…`; user and password may be percent-encoded.

        Raises ValueError, without the URL in its text.
        """
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("not the address of a proxy")
        if parts.query or parts.fragment:
            raise ValueError("not the address of a proxy")
        origin = Origin(parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme])
        if parts.username is None:
            return cls(origin)
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return cls(origin, f"Proxy-Authorization: Basic {b64encode(credentials.encode()).decode()}\r\n")

    def __repr__(self) -> str:
        return f"Proxy({self.origin.scheme}://{self.origin.host}:{self.origin.port})"

    def connect_request(self, origin: Origin) -> bytes:
        """The request for a tunnel to an origin."""
        host = f"[{origin.host}]" if ":" in origin.host else origin.host
        authority = f"{host}:{origin.port}"
        return f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{self.headers}\r\n".encode()
