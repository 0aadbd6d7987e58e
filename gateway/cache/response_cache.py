"""Whole responses, repeated to the same credential while every value in them is fresh.

A response is found by a digest of the credential that came with the request, and by all of the request that decides the
response. It is valid until something of its owner is invalidated, the first of the values in it expires, or the token
does. It is never given to another credential.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from gateway.cache.guard import Guard
from gateway.cache.user_cache import CacheGeneration
from gateway.telemetry.metrics import Sample

T = TypeVar("T")

OVERHEAD_BYTES = 1_500
"""Charged for each response on top of its bytes and those of the request; a test measures it."""


class ResponseKey(NamedTuple):
    """A request as far as it decides the response: a digest of the credential, and what is asked."""

    credential: bytes
    parts: tuple[bytes, ...]


def response_key(credential: bytes, parts: tuple[bytes, ...]) -> ResponseKey:
    """The key of the responses to a request; the credential itself is not stored."""
    return ResponseKey(hashlib.sha256(credential).digest(), parts)


class CachedResponse(NamedTuple, Generic[T]):
    """A response, whose it is, and the clock's readings: when its oldest value was loaded, and its own times."""

    credential: bytes
    response: T
    charged_bytes: int
    generation: CacheGeneration
    loaded_at: float
    stored_at: float
    expires_at: float


class ResponseCache(Generic[T]):
    """Responses by request, within `max_bytes`; 0 stores none. `clock` is the one that their values age by.

    `guard` is a fleet's.
    """

    def __init__(self, *, max_bytes: int, clock: Callable[[], float], guard: Guard | None = None) -> None:
        self._guard = guard
        self._entries: LRUCache[ResponseKey, CachedResponse[T]] = LRUCache(
            max_bytes, getsizeof=lambda entry: entry.charged_bytes
        )
        self._clock = clock

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything stored; never above `max_bytes`."""
        return int(self._entries.currsize)

    def samples(self) -> Iterator[Sample]:
        """What is stored, for metrics."""
        yield Sample("gateway_responses", "Whole responses that are cached now.", len(self._entries))
        yield Sample("gateway_responses_bytes", "Bytes charged for cached responses.", self.charged_bytes)

    def get(self, key: ResponseKey) -> CachedResponse[T] | None:
        """The response to a request, if it is still valid."""
        try:
            entry = self._entries[key]
        except KeyError:
            return None
        # The credential is in the key already. This guards against a future mistake in keys that would show one
        # player the response of another.
        is_valid = entry.generation.is_current and self._clock() < entry.expires_at
        if is_valid and entry.credential == key.credential and self._is_fresh(entry):
            return entry
        del self._entries[key]
        return None

    def _is_fresh(self, entry: CachedResponse[T]) -> bool:
        return self._guard is None or self._guard.is_fresh(entry.loaded_at)

    def replace(self, key: ResponseKey, cached: CachedResponse[T], response: T, size_bytes: int) -> None:
        """Store the same response in a smaller form: it keeps its age and its end."""
        self._entries[key] = cached._replace(response=response, charged_bytes=_charged_bytes(key, size_bytes))

    def put(
        self,
        key: ResponseKey,
        response: T,
        size_bytes: int,
        *,
        generation: CacheGeneration,
        loaded_at: float,
        expires_at: float,
    ) -> None:
        """Store a response, unless it has expired or does not fit; its owner's values were read in `generation`."""
        now = self._clock()
        charged_bytes = _charged_bytes(key, size_bytes)
        # A generation that ended while the response was made: a write came in between, and it may show the old state.
        if generation.is_current and now < expires_at and charged_bytes <= self._entries.maxsize:
            self._entries[key] = CachedResponse(
                key.credential, response, charged_bytes, generation, loaded_at, now, expires_at
            )


def _charged_bytes(key: ResponseKey, size_bytes: int) -> int:
    return size_bytes + sum(map(len, key.parts)) + OVERHEAD_BYTES
