"""How header values are read: the one reader for HTTP requests, sockets and webhooks."""

from collections.abc import Iterable, Sequence

Headers = Sequence[tuple[str, str]]
"""Pairs of a name in lower case and its value, as they came."""


def header_values(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    """The values of a header in their order, without white space around them (RFC 9110, section 5.5) or empty ones.

    Clients send an empty header where they mean none.
    """
    return [trimmed for key, value in headers if key == name and (trimmed := value.strip(" \t"))]
