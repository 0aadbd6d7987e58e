"""A request that the player's own device sends to the upstream."""

from msgspec import Struct


class DirectRequest(Struct, frozen=True):
    """A whole request, with the player's credential among its headers: never logged, never stored.

    `body` is JSON; None stands for an empty one.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str | None = None

    def __repr__(self) -> str:
        return f"DirectRequest({self.method} {self.url})"
