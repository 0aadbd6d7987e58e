"""Listening sockets: one port on every address of a host, and the URL."""

import errno
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from gateway.errors import ListenError

_BACKLOG = 2048
_ATTEMPTS = 10
"""How many free ports are tried for one that is free on all addresses."""

_ABSENT = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""Why nothing can listen on an address: it is not this machine's, or of a family that this machine does not have."""

_TAKEN = frozenset({errno.EADDRINUSE, errno.EACCES})
"""Why nothing can listen on a port: somebody else does, or only privileged processes may."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the host and the port are called where users set them: what an error tells them to change."""

    host: str
    port: str


SETTINGS = Names("GATEWAY_HOST", "GATEWAY_PORT")
OPTIONS = Names("--host", "--port")


class Listener:
    """Sockets that listen on one port, one for each address; closed where the context ends."""

    def __init__(self, sockets: list[socket.socket]) -> None:
        self.sockets = sockets

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for one in self.sockets:
            one.close()


def listen(host: str, port: int, names: Names = OPTIONS) -> Listener:
    """Listen on all addresses that the host has on this machine; port 0 picks a free one. Raises ListenError.

    `::` stands for every address of both families, also where the system keeps the families apart.
    """
    return _opened(host, port, names, is_shared=False)


def listen_for_each(count: int, host: str, port: int, names: Names = OPTIONS) -> list[Listener]:
    """Listen `count` times on one port, for as many processes; Linux spreads connections evenly. Raises ListenError."""
    if port != 0:
        # Sockets that share a port would also share it with a server that was started by mistake.
        with listen(host, port, names):
            pass
    with ExitStack() as closing:
        listeners: list[Listener] = []
        for _ in range(count):
            listeners.append(closing.enter_context(_opened(host, port, names, is_shared=True)))
            port = listeners[0].sockets[0].getsockname()[1]
        closing.pop_all()
        return listeners


def _opened(host: str, port: int, names: Names, *, is_shared: bool) -> Listener:
    try:
        addresses = _addresses(host)
        for _ in range(_ATTEMPTS - 1 if port == 0 and len(addresses) > 1 else 0):
            try:
                return _listen(addresses, port, is_shared)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
        return _listen(addresses, port, is_shared)
    except (OSError, UnicodeError) as error:
        remedy = names.port if isinstance(error, OSError) and error.errno in _TAKEN else names.host
        message = f"Cannot listen on {host} port {port}: {_reason(error)}. Choose another with {remedy}."
        raise ListenError(message) from None


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = [(family, str(address[0])) for family, _, _, _, address in found]
    if addresses == [(socket.AF_INET6, "::")]:
        addresses.append((socket.AF_INET, "0.0.0.0"))  # noqa: S104 - it is what `::` asks for
    return list(dict.fromkeys(addresses))


def _listen(addresses: list[tuple[socket.AddressFamily, str]], port: int, is_shared: bool) -> Listener:
    """Listen on all of them that are there; without any, raise what the first one raised."""
    absent: OSError | None = None
    with ExitStack() as closing:
        sockets: list[socket.socket] = []
        for family, address in addresses:
            try:
                # Each socket serves one family: clients over IPv4 keep their own addresses in place of mapped ones.
                one = socket.create_server((address, port), family=family, backlog=_BACKLOG, reuse_port=is_shared)
            except OSError as error:
                if error.errno not in _ABSENT:
                    raise
                absent = absent or error
                continue
            sockets.append(closing.enter_context(one))
            port = one.getsockname()[1]
        if absent is not None and not sockets:
            raise absent
        closing.pop_all()
        return Listener(sockets)


def _reason(error: OSError | UnicodeError) -> str:
    """The system's text for an error; failed look-ups of names have numbers of their own."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return "the host is not known"


def url(listener: Listener) -> str:
    """The URL of a listener for a browser on this machine."""
    host, port = listener.sockets[0].getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
