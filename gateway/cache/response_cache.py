"""Whole responses, repeated to the same credential while every value in them is fresh.

A response is found by a digest of the credential that came with the request, and of all of the request that decides the
response. It is valid until something of its owner is invalidated, the first of the values in it expires, or the token
does. It is never given to another credential.

Where there is no room for all, those stay that are asked for more often (`frequency`). By recency alone, players who
come in turn would each evict the next one's response just before it is asked for, and no request would find one.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct, msgpack

from gateway.cache.frequency import MOST, FrequencySketch
from gateway.cache.guard import Guard
from gateway.cache.user_cache import CacheGeneration
from gateway.telemetry.metrics import Sample

T = TypeVar("T")
R = TypeVar("R")

OVERHEAD_BYTES = 1_250
"""Charged for each response on top of its body; a test measures it."""


class ResponseKey:
    """A request as far as it decides the response: a digest of the credential, and what is asked."""

    def __init__(self, credential: bytes, parts: tuple[bytes, ...]) -> None:
        self.credential = credential
        self.parts = parts

    @cached_property
    def digest(self) -> bytes:
        """Stands for the whole: what is asked is longer, the same for all players, and would be stored for each."""
        return hashlib.sha256(msgpack.encode((self.credential, self.parts))).digest()


def response_key(credential: bytes, parts: tuple[bytes, ...]) -> ResponseKey:
    """The key of the responses to a request; the credential itself is not stored."""
    return ResponseKey(hashlib.sha256(credential).digest(), parts)


class CachedResponse(Struct, Generic[T, R], gc=False):
    """A response, whose it is, and the clock's readings: when its oldest value was loaded, and its own times."""

    # A hit reads as few objects as possible: with thousands of players, none of them is in the processor's caches.

    credential: bytes
    response: T
    charged_bytes: int
    generation: CacheGeneration
    loaded_at: float
    stored_at: float
    expires_at: float
    hits: int = 0
    """How often it was asked for since that was last told to the sketch, `MOST` at most."""
    request: R | None = None
    """What was read of the last request that is known to get it."""
    request_digest: bytes = b""


class ResponseCache(Generic[T, R]):
    """Responses by request, within `max_bytes`; 0 stores none. `clock` is the one that their values age by.

    A response is also found by a digest of the bytes of one request that got it, so that these need not be read again.
    `guard` is a fleet's.
    """

    def __init__(self, *, max_bytes: int, clock: Callable[[], float], guard: Guard | None = None) -> None:
        self._guard = guard
        self._max_bytes = max_bytes
        # In the order in which they were stored, which is about that in which they expire.
        self._entries: OrderedDict[bytes, CachedResponse[T, R]] = OrderedDict()
        self._known: dict[bytes, CachedResponse[T, R]] = {}
        self._charged_bytes = 0
        self._clock = clock
        self._frequency = FrequencySketch()
        self._rejections = 0

    @property
    def is_on(self) -> bool:
        """Whether any response is stored."""
        return self._max_bytes > 0

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything stored; never above `max_bytes`."""
        return self._charged_bytes

    @property
    def is_any_known(self) -> bool:
        """Whether `repeated` can find any response."""
        return bool(self._known)

    def samples(self) -> Iterator[Sample]:
        """What is stored, for metrics."""
        yield Sample("gateway_responses", "Whole responses that are cached now.", len(self._entries))
        yield Sample("gateway_responses_bytes", "Bytes charged for cached responses.", self.charged_bytes)
        rejections = "Responses that were not cached, because those in their place were asked for as often."
        yield Sample("gateway_responses_rejected", rejections, self._rejections, is_count=True)

    def get(self, key: ResponseKey) -> CachedResponse[T, R] | None:
        """The response to a request, if it is still valid."""
        entry = self._entries.get(key.digest) if self._entries else None
        # The credential is in the digest already. This guards against a future mistake in keys that would show one
        # player the response of another.
        return self._hit(entry) if entry is not None and entry.credential == key.credential else None

    def repeated(self, request_digest: bytes) -> CachedResponse[T, R] | None:
        """The response to a request in the same bytes as one that `know` was told of, if it is still valid."""
        entry = self._known.get(request_digest)
        return None if entry is None else self._hit(entry)

    def know(self, cached: CachedResponse[T, R], request_digest: bytes, request: R) -> None:
        """Let `repeated` find a response for a request that got it just now; of several requests the last one."""
        self._known.pop(cached.request_digest, None)
        cached.request, cached.request_digest = request, request_digest
        self._known[request_digest] = cached

    def _hit(self, entry: CachedResponse[T, R]) -> CachedResponse[T, R] | None:
        if not self._is_valid(entry):
            return None
        if entry.hits < MOST:
            entry.hits += 1
        return entry

    def _is_valid(self, entry: CachedResponse[T, R]) -> bool:
        is_valid = entry.generation.is_current and self._clock() < entry.expires_at
        return is_valid and (self._guard is None or self._guard.is_fresh(entry.loaded_at))

    def replace(self, cached: CachedResponse[T, R], response: T, size_bytes: int) -> None:
        """Store the same response in a smaller form: it keeps its age and its end."""
        charged_bytes = size_bytes + OVERHEAD_BYTES
        self._charged_bytes += charged_bytes - cached.charged_bytes
        cached.response, cached.charged_bytes = response, charged_bytes

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
        charged_bytes = size_bytes + OVERHEAD_BYTES
        # A generation that ended while the response was made: a write came in between, and it may show the old state.
        if not generation.is_current or now >= expires_at or charged_bytes > self._max_bytes:
            return
        digest = key.digest
        entry: CachedResponse[T, R] = CachedResponse(
            key.credential, response, charged_bytes, generation, loaded_at, now, expires_at
        )
        if digest in self._entries:
            before = self._removed(digest)
            entry.request, entry.request_digest = before.request, before.request_digest
        self._frequency.count(digest)
        if self._has_room(digest, charged_bytes):
            self._store(digest, entry)
        else:
            self._rejections += 1

    def _has_room(self, digest: bytes, charged_bytes: int) -> bool:
        """Make room for a response, unless it is asked for no more often than what would have to go."""
        frequency = self._frequency.estimate(digest)
        evicted: list[tuple[bytes, CachedResponse[T, R]]] = []
        while self._charged_bytes + charged_bytes > self._max_bytes:
            oldest = next(iter(self._entries))
            entry = self._removed(oldest)
            if not self._is_valid(entry):
                continue
            evicted.append((oldest, entry))
            if self._frequency.estimate(oldest) >= frequency:
                # They count as the newest now, so that the next response is compared with others.
                for one in evicted:
                    self._store(*one)
                return False
        return True

    def _store(self, digest: bytes, entry: CachedResponse[T, R]) -> None:
        self._entries[digest] = entry
        self._charged_bytes += entry.charged_bytes
        if entry.request is not None:
            self._known[entry.request_digest] = entry

    def _removed(self, digest: bytes) -> CachedResponse[T, R]:
        entry = self._entries.pop(digest)
        self._charged_bytes -= entry.charged_bytes
        self._known.pop(entry.request_digest, None)
        self._frequency.count(digest, entry.hits)
        entry.hits = 0
        return entry
