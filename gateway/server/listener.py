"""Listening sockets, and where to find them."""

import os
import socket

from gateway.errors import ListenError


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 picks a free one. Raises ListenError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        raise ListenError(f"Cannot listen on {host} port {port}: {_reason(error)}. Choose another.") from None


def _reason(error: OSError | UnicodeError) -> str:
    """The system's words; look-ups of names fail with numbers that are none of the system's."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return "the host is not known"


def url(listener: socket.socket) -> str:
    """Where a browser on this machine finds a listener."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
