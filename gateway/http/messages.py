"""Requests and responses of httpx that put off what is dear about them, and requests as bytes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import httpx

Forwarded = Sequence[tuple[str, str]]

_FRAMING = frozenset({b"content-length", b"transfer-encoding"})
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Where connections lead."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> "Origin":
        """The origin of a URL. Raises UnsupportedProtocol for any scheme but http and https, or without a host."""
        if url.scheme not in _DEFAULT_PORTS or not url.raw_host:
            raise httpx.UnsupportedProtocol("not an HTTP address")
        return cls(url.scheme, url.raw_host.decode(), url.port or _DEFAULT_PORTS[url.scheme])


class RequestPreset:
    """What many requests share: the root of their addresses, headers, extensions.

    `request` makes one for a fifth of what httpx takes. It is equal to the one that httpx would make, and becomes it
    as soon as somebody looks at more than its method and its extensions.
    """

    def __init__(self, root_url: str, headers: Forwarded, extensions: Mapping[str, Any]) -> None:
        url = httpx.URL(root_url)
        self.root_url = str(url).rstrip("/")
        self.headers = headers
        self.extensions = extensions
        self.origin = Origin.of(url)
        self._path = url.raw_path.decode().rstrip("/")
        self._host = f"Host: {url.netloc.decode()}\r\n"
        self._own = _lines(headers)

    def request(self, method: str, path: str, forwarded: Forwarded) -> httpx.Request:
        """A request without a body; `path` begins with a slash and may have a query, both escaped."""
        return PresetRequest(self, method, path, forwarded)

    def written(self, method: str, path: str, forwarded: Forwarded) -> bytes:
        """The bytes of such a request. Raises LocalProtocolError for what cannot be written as HTTP."""
        length = "Content-Length: 0\r\n" if method in _WITH_LENGTH else ""
        first = f"{method} {self._path}{path} HTTP/1.1\r\n"
        head = f"{first}{self._host}{length}{self._own}{_lines(forwarded)}\r\n"
        # A line for each header, one before them and one after: any more is somebody's own.
        count = len(self.headers) + len(forwarded) + (4 if length else 3)
        if head.count("\r") != count or head.count("\n") != count or "\0" in head or not head.isascii():
            raise _unwritable()
        return head.encode()


class PresetRequest(httpx.Request):
    """A request of a preset; what httpx makes at once is made here when it is first asked for."""

    def __init__(self, preset: RequestPreset, method: str, path: str, forwarded: Forwarded) -> None:
        self.method = method
        self.extensions = dict(preset.extensions)
        self._parts = (preset, path, forwarded)

    def __getattr__(self, name: str) -> Any:
        own = vars(self)
        if "_content" in own:
            raise AttributeError(name)
        preset, path, forwarded = self._parts
        headers = [*preset.headers, *forwarded]
        own |= vars(httpx.Request(self.method, preset.root_url + path, headers=headers)) | own
        return getattr(self, name)

    @property
    def is_untouched(self) -> bool:
        """Whether the bytes of the preset are still what this request says."""
        return len(vars(self)) == _UNTOUCHED_ATTRIBUTES

    def written(self) -> tuple[Origin, bytes]:
        """Where the untouched request goes, and its bytes. Raises LocalProtocolError."""
        preset, path, forwarded = self._parts
        return preset.origin, preset.written(self.method, path, forwarded)


_UNTOUCHED_ATTRIBUTES = 3


class WholeResponse(httpx.Response):
    """A response that was read before it was made; the rest of what httpx makes at once is made when asked for."""

    def __init__(self, status: int, headers: Sequence[tuple[bytes, bytes]], content: bytes) -> None:
        self.status_code = status
        self._content = content
        self._pairs = headers

    def __getattr__(self, name: str) -> Any:
        own = vars(self)
        if "stream" in own:
            raise AttributeError(name)
        made = httpx.Response(self.status_code, headers=self._pairs, stream=httpx.ByteStream(self._content))
        made.is_closed = made.is_stream_consumed = True
        own |= vars(made) | own
        return getattr(self, name)


def written(request: httpx.Request, body: bytes) -> tuple[Origin, bytes]:
    """Where a request goes, and its bytes: headers in their order, with our own word on the body's length.

    Raises UnsupportedProtocol and LocalProtocolError.
    """
    origin = Origin.of(request.url)
    raw = request.headers.raw
    names = {name.lower() for name, _ in raw}
    headers = [pair for pair in raw if pair[0].lower() not in _FRAMING]
    if b"host" not in names:
        headers.insert(0, (b"Host", request.url.netloc))
    if body or names & _FRAMING:
        headers.insert(1, (b"Content-Length", b"%d" % len(body)))
    method = request.method.encode()
    if method == b"CONNECT" or not all(map(_TOKEN.fullmatch, [method, *(name for name, _ in headers)])):
        raise _unwritable()
    lines = [b"%s %s HTTP/1.1" % (method, request.url.raw_path), *(b"%s: %s" % pair for pair in headers)]
    if any(character in line for line in lines for character in (b"\r", b"\n", b"\0")):
        raise _unwritable()
    return origin, b"\r\n".join([*lines, b"", body])


def _lines(headers: Forwarded) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers])


def _unwritable() -> httpx.LocalProtocolError:
    return httpx.LocalProtocolError("the request cannot be written as HTTP")
