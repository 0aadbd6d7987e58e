"""Automatic persisted queries: documents that clients register by their hash."""

from cachetools import LRUCache

OVERHEAD_BYTES = 400
"""Charged for each document on top of its text; a test measures it."""


class AutomaticDocuments:
    """Texts by their SHA-256, within `max_bytes`; the one that was asked for least recently leaves first."""

    def __init__(self, *, max_bytes: int) -> None:
        self._texts: LRUCache[str, str] = LRUCache(max_bytes, getsizeof=lambda text: 4 * len(text) + OVERHEAD_BYTES)

    def find(self, sha256: str) -> str | None:
        """The text with that hash, if a client has registered it."""
        return self._texts.get(sha256)

    def register(self, sha256: str, text: str) -> None:
        """Remember a valid text by its hash, unless it does not fit."""
        if self._texts.getsizeof(text) <= self._texts.maxsize:
            self._texts[sha256] = text
