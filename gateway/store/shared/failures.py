"""Which of the library's errors means what."""

import ssl

from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    MovedError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from gateway.store.settings import Address
from gateway.store.shared.connections import Reply

FAILURES = (RedisError, OSError)
"""Everything that talking to a server raises, but for our own deadline."""

_REFUSED = ("NOREPLICAS", "MASTERDOWN", "MISCONF", "UNBLOCKED")
"""Refusals of a whole server, which the library has no names for."""


class NotPrimary(Exception):
    """The server that was reached is a replica."""


def reason_of(error: Exception) -> str:
    """Why talking to a server failed, as one of `REASONS`."""
    if isinstance(error, AuthenticationError):
        return "auth"
    if isinstance(error, NoPermissionError):
        return "denied"
    if isinstance(error, OutOfMemoryError):
        return "full"
    if isinstance(error, NotPrimary) or is_refusal(error):
        return "refused"
    if isinstance(error, RedisTimeoutError | TimeoutError):
        return "timeout"
    if _is_tls(error):
        return "tls"
    return "connect" if isinstance(error, RedisConnectionError | OSError) else "error"


def is_refusal(error: BaseException) -> bool:
    """Whether a server says that it does not serve at all: it is a replica, it loads, its cluster is down."""
    if isinstance(error, ReadOnlyError | BusyLoadingError | ClusterDownError | TryAgainError):
        return True
    return isinstance(error, ResponseError) and str(error).startswith(_REFUSED)


def raise_refusal(replies: list[Reply]) -> None:
    """Raise the first reply that says that the server does not serve, so that its connection is closed."""
    for reply in replies:
        if isinstance(reply, BaseException) and is_refusal(reply):
            raise reply


def is_unknown_script(reply: Reply) -> bool:
    """Whether a server does not know a script, and so has not run it."""
    return isinstance(reply, NoScriptError)


def is_error(reply: Reply) -> bool:
    """Whether a server refused a command."""
    return isinstance(reply, ResponseError)


def redirection(reply: Reply, asked: Address) -> tuple[Address, bool] | None:
    """Where a command belongs that a server of a cluster did not run, and whether for good."""
    if not isinstance(reply, AskError):
        return None
    return Address(reply.host or asked.host, reply.port), isinstance(reply, MovedError)


def _is_tls(error: BaseException | None) -> bool:
    """Whether a chain of errors comes from TLS."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
