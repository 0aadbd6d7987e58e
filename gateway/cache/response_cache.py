"""Finished answers, kept for whoever asked for them and given again while all that they show is fresh.

An answer is found by a digest of the credential that came with the request, and by all of the request that decides the
answer. It is alive until something of its owner is forgotten, the first of the values in it is stale, or the token
ends. It never meets another credential.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from gateway.cache.user_cache import CacheGeneration
from gateway.telemetry.metrics import Sample

T = TypeVar("T")

OVERHEAD_BYTES = 1_500
"""Charged for each answer on top of the bytes of the request and its own; a test measures it."""


class ResponseKey(NamedTuple):
    """A request as far as it decides the answer: who asks, by a digest of the credential, and what."""

    credential: bytes
    parts: tuple[bytes, ...]


def response_key(credential: bytes, parts: tuple[bytes, ...]) -> ResponseKey:
    """What the answers to a request are found by; the credential itself is not kept."""
    return ResponseKey(hashlib.sha256(credential).digest(), parts)


class CachedResponse(NamedTuple, Generic[T]):
    """A finished answer, whose it is, and the clock's samples when it was made and when it is stale."""

    credential: bytes
    answer: T
    weight_bytes: int
    stamp: CacheGeneration
    made_at: float
    expires_at: float


class ResponseCache(Generic[T]):
    """Answers by what was asked, within `max_bytes`; 0 keeps none. `clock` is the one that their values age by."""

    def __init__(self, *, max_bytes: int, clock: Callable[[], float]) -> None:
        self._kept: LRUCache[ResponseKey, CachedResponse[T]] = LRUCache(
            max_bytes, getsizeof=lambda kept: kept.weight_bytes
        )
        self._clock = clock

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything kept; never above `max_bytes`."""
        return int(self._kept.currsize)

    def samples(self) -> Iterator[Sample]:
        """What is kept, for metrics."""
        yield Sample("gateway_responses", "Finished answers that are kept now.", len(self._kept))
        yield Sample("gateway_responses_bytes", "Bytes charged for finished answers.", self.charged_bytes)

    def find(self, request: ResponseKey) -> CachedResponse[T] | None:
        """The answer to a request, if it is alive."""
        try:
            kept = self._kept[request]
        except KeyError:
            return None
        # The owner is in the key already. It stands between a future mistake in keys and another player's answer.
        if kept.stamp.is_current and self._clock() < kept.expires_at and kept.credential == request.credential:
            return kept
        del self._kept[request]
        return None

    def keep(
        self, request: ResponseKey, answer: T, size_bytes: int, *, stamp: CacheGeneration, expires_at: float
    ) -> None:
        """Keep an answer, unless it is stale already or does not fit; its owner's values were read under `stamp`."""
        made_at = self._clock()
        weight_bytes = size_bytes + sum(map(len, request.parts)) + OVERHEAD_BYTES
        if stamp.is_current and made_at < expires_at and weight_bytes <= self._kept.maxsize:
            self._kept[request] = CachedResponse(request.credential, answer, weight_bytes, stamp, made_at, expires_at)
