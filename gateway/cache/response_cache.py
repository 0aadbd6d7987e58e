"""Whole responses, repeated to the same credential while every value in them is fresh.

A response is found by a digest of the credential that came with the request, and by all of the request that decides the
response. It is valid until something of its owner is invalidated, the first of the values in it expires, or the token
does. It is never given to another credential.

Where there is no room for all, those stay that are asked for more often (`frequency`). By recency alone, players who
come in turn would each evict the next one's response just before it is asked for, and no request would find one.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from gateway.cache.frequency import FrequencySketch
from gateway.cache.guard import Guard
from gateway.cache.user_cache import CacheGeneration
from gateway.telemetry.metrics import Sample

T = TypeVar("T")

OVERHEAD_BYTES = 1_600
"""Charged for each response on top of its bytes and those of the request; a test measures it."""

_EIGHT_BYTES = 2**64 - 1


class ResponseKey(NamedTuple):
    """A request as far as it decides the response: a digest of the credential, and what is asked."""

    credential: bytes
    parts: tuple[bytes, ...]

    @property
    def digest(self) -> bytes:
        """Stands for the whole where a mistake costs nothing but a little room; it is of this process alone."""
        return (int.from_bytes(self.credential[:8], "little") ^ hash(self.parts) & _EIGHT_BYTES).to_bytes(8, "little")


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
        self._frequency = FrequencySketch()
        self._rejections = 0

    @property
    def is_on(self) -> bool:
        """Whether any response is stored."""
        return self._entries.maxsize > 0

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything stored; never above `max_bytes`."""
        return int(self._entries.currsize)

    def samples(self) -> Iterator[Sample]:
        """What is stored, for metrics."""
        yield Sample("gateway_responses", "Whole responses that are cached now.", len(self._entries))
        yield Sample("gateway_responses_bytes", "Bytes charged for cached responses.", self.charged_bytes)
        rejections = "Responses that were not cached, because those in their place were asked for as often."
        yield Sample("gateway_responses_rejected", rejections, self._rejections, is_count=True)

    def get(self, key: ResponseKey) -> CachedResponse[T] | None:
        """The response to a request, if it is still valid."""
        try:
            entry = self._entries[key]
        except KeyError:
            return None
        # The credential is in the key already. This guards against a future mistake in keys that would show one
        # player the response of another.
        if self._is_valid(entry) and entry.credential == key.credential:
            self._count(key)
            return entry
        del self._entries[key]
        return None

    def _is_valid(self, entry: CachedResponse[T]) -> bool:
        is_valid = entry.generation.is_current and self._clock() < entry.expires_at
        return is_valid and (self._guard is None or self._guard.is_fresh(entry.loaded_at))

    def _count(self, key: ResponseKey) -> None:
        # As long as half of the room is free, nobody asks how often something was wanted.
        if self._entries.currsize * 2 > self._entries.maxsize:
            self._frequency.count(key.digest)

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
        """Store a response, unless it has expired or does not fit; its owner's values were read in `generation`.

        Nor is it stored if what would make room for it is asked for as often.
        """
        now = self._clock()
        charged_bytes = _charged_bytes(key, size_bytes)
        # A generation that ended while the response was made: a write came in between, and it may show the old state.
        if not generation.is_current or now >= expires_at or charged_bytes > self._entries.maxsize:
            return
        self._count(key)
        if self._has_room(key, charged_bytes):
            self._entries[key] = CachedResponse(
                key.credential, response, charged_bytes, generation, loaded_at, now, expires_at
            )
        else:
            self._rejections += 1

    def _has_room(self, key: ResponseKey, charged_bytes: int) -> bool:
        """Make room for a response, unless it is asked for no more often than what would have to go."""
        entries, frequency = self._entries, self._frequency.estimate(key.digest)
        entries.pop(key, None)
        evicted: list[tuple[ResponseKey, CachedResponse[T]]] = []
        while entries.currsize + charged_bytes > entries.maxsize:
            oldest, entry = entries.popitem()
            if not self._is_valid(entry):
                continue
            evicted.append((oldest, entry))
            if self._frequency.estimate(oldest.digest) >= frequency:
                # They are the most recently used now, so that the next one is compared with others.
                entries.update(evicted)
                return False
        return True


def _charged_bytes(key: ResponseKey, size_bytes: int) -> int:
    return size_bytes + sum(map(len, key.parts)) + OVERHEAD_BYTES
