"""Listening: one port on every address of a host, and where to find it."""

import errno
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from gateway.errors import ListenError

Address = tuple[socket.AddressFamily, str]

_BACKLOG = 2048
_FREE_PORT_ATTEMPTS = 20
_NOT_HERE = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
"""Why an address cannot be listened on that belongs to another machine, or to a family that this one does not have."""

_PORT_UNUSABLE = frozenset({errno.EADDRINUSE, errno.EACCES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What users call the host and the port: the options or settings that an error tells them to change."""

    host: str = "GATEWAY_HOST"
    port: str = "GATEWAY_PORT"


@dataclass(frozen=True, slots=True)
class Listener:
    """Sockets that listen on one port, one for each address."""

    sockets: Sequence[socket.socket]

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host, port = self.sockets[0].getsockname()[:2]
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
        return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


@contextmanager
def listening(host: str, port: int, names: Names = Names()) -> Iterator[Listener]:  # noqa: B008 - immutable
    """Listen on every address of a host, until the end; port 0 picks a free one. Raises ListenError.

    `::` stands for all addresses of this machine, of both families.
    """
    listener = listen(host, port, names)
    try:
        yield listener
    finally:
        for one in listener.sockets:
            one.close()


def listen(host: str, port: int, names: Names = Names()) -> Listener:  # noqa: B008 - immutable
    """Listen as `listening` does; whoever calls this closes the sockets. Raises ListenError."""
    try:
        addresses = _addresses(host, port)
        for _ in range(_FREE_PORT_ATTEMPTS):
            ...
    except (OSError, UnicodeError) as error:
        raise ListenError("") from None
