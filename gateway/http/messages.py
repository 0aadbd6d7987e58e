"""Requests and responses of our HTTP client, and requests as the bytes that are sent."""

import math
import re
from collections.abc import Iterable, Sequence

import httpx
from msgspec import Struct

from gateway.http.origin import DEFAULT_PORTS, Origin

Headers = Sequence[tuple[str, str]]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def origin_of(url: httpx.URL) -> Origin:
    """Where a URL leads. Raises UnsupportedProtocol for any scheme but http and https, or without a host."""
    if url.scheme not in DEFAULT_PORTS or not url.raw_host:
        raise httpx.UnsupportedProtocol("not an HTTP address")
    return Origin(url.scheme, url.raw_host.decode(), url.port or DEFAULT_PORTS[url.scheme])


class Limits(Struct, frozen=True, gc=False):
    """Bounds of one exchange; infinity is no bound.

    `connect_seconds` bounds the opening of a connection, `pool_seconds` the wait for a free one, `read_seconds` the
    longest silence of the upstream, `write_seconds` the longest time in which it accepts nothing of the request,
    `total_seconds` everything from the wait for a connection to the last byte. `max_body_bytes` counts decoded bytes.
    """

    connect_seconds: float
    pool_seconds: float
    read_seconds: float
    write_seconds: float
    total_seconds: float = math.inf
    max_body_bytes: int = 2_000_000


class RequestLimits(Struct, frozen=True, gc=False):
    """The bounds that a request sets for itself; None leaves a bound to the transport."""

    connect_seconds: float | None = None
    pool_seconds: float | None = None
    read_seconds: float | None = None
    write_seconds: float | None = None
    total_seconds: float | None = None
    max_body_bytes: int | None = None

    def completed(self, defaults: Limits) -> Limits:
        """These bounds, with the transport's where the request sets none."""
        return Limits(
            defaults.connect_seconds if self.connect_seconds is None else self.connect_seconds,
            defaults.pool_seconds if self.pool_seconds is None else self.pool_seconds,
            defaults.read_seconds if self.read_seconds is None else self.read_seconds,
            defaults.write_seconds if self.write_seconds is None else self.write_seconds,
            defaults.total_seconds if self.total_seconds is None else self.total_seconds,
            defaults.max_body_bytes if self.max_body_bytes is None else self.max_body_bytes,
        )


class RequestTemplate:
    """What many requests share: the start of their URLs, headers and bounds, each worked out once.

    Raises UnsupportedProtocol for a URL that is not HTTP, LocalProtocolError for a header that cannot be written.
    """

    def __init__(self, root_url: str, headers: Headers = (), limits: RequestLimits | None = None) -> None:
        url = httpx.URL(root_url)
        path = url.raw_path.decode()
        self.origin = origin_of(url)
        self.base = f"{url.scheme}://{url.netloc.decode()}"
        self.root_path = "" if path == "/" else path
        self.root_url = str(url).removesuffix("/") if path == "/" else str(url)
        self.headers = headers
        self.limits = limits or RequestLimits()
        self.host_line = f"Host: {url.netloc.decode()}\r\n"
        self.header_lines = _header_lines(headers)

    def request(self, method: str, path: str = "", headers: Headers = (), body: bytes = b"") -> "Request":
        """A request to the template's URL with `path` behind it, which is escaped and may have a query.

        `headers` follow those of the template. `Host` and `Content-Length` are added when it is sent.
        """
        return Request(self, method, path, headers, body)


class Request(Struct, frozen=True, gc=False):
    """One request of a template."""

    template: RequestTemplate
    method: str
    path: str
    own_headers: Headers
    body: bytes

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.template.root_url + self.path

    @property
    def headers(self) -> Headers:
        """All headers but `Host` and `Content-Length`."""
        return [*self.template.headers, *self.own_headers]

    def encode(self, proxy_headers: str | None = None) -> bytes:
        """The request as it is sent. Raises LocalProtocolError for what cannot be written as HTTP.

        With `proxy_headers` (header lines, or empty) it is meant for a proxy, and names the whole URL.
        """
        template, method, body = self.template, self.method, self.body
        if method not in _METHODS:
            raise _unwritable()
        length = f"Content-Length: {len(body)}\r\n" if body or method in _METHODS_WITH_BODY else ""
        target = template.root_path + self.path or "/"
        own = _header_lines(self.own_headers)
        if proxy_headers is not None:
            target = f"{template.base}{target}"
            own += proxy_headers
        head = f"{method} {target} HTTP/1.1\r\n{template.host_line}{length}{template.header_lines}{own}\r\n"
        # One line for each header, the first line, Host, the empty line, and the length: one more was smuggled in by
        # a value. Counting is several times cheaper than looking at each value.
        count = len(template.headers) + len(self.own_headers) + (4 if length else 3) + bool(proxy_headers)
        if head.count("\r") != count or head.count("\n") != count or "\0" in head or not head.isascii():
            raise _unwritable()
        return head.encode() + body


class Response(Struct, frozen=True, gc=False):
    """A whole response; the body is decoded."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 2xx."""
        return 200 <= self.status <= 299

    def header(self, name: bytes) -> str | None:
        """The value of the first header with this name (lower case), or None."""
        for key, value in self.headers:
            if key.lower() == name:
                return value.decode("latin-1")
        return None


def field_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Header fields as HTTP/1.1 sends them."""
    return b"".join([b"%b: %b\r\n" % field for field in headers])


def _header_lines(headers: Headers) -> str:
    if not all(map(_TOKEN.fullmatch, [name for name, _ in headers])):
        raise _unwritable()
    return "".join([f"{name}: {value}\r\n" for name, value in headers])


def _unwritable() -> httpx.LocalProtocolError:
    return httpx.LocalProtocolError("the request cannot be written as HTTP")
