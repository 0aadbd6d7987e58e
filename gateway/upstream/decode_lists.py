"""Lists of chains out of upstream JSON. A chain's steps with the same JSON are one object for all players.

A project shows one catalogue to all players, so most steps have been seen before, byte for byte: they are looked up
instead of decoded, and what follows from them is kept with them. What differs by player, like claims, differs in the
bytes, too. Nothing of it belongs to one player: equal bytes are equal steps.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Generic, TypeVar

import msgspec
from isal.isal_zlib import crc32
from msgspec import Meta, Raw, Struct
from msgspec.structs import force_setattr

from gateway.domain.models import DailyChain, DailyStep, OfferChain, OfferStep, RewardChain, RewardStep
from gateway.domain.schedule import utc
from gateway.domain.shared import Shared, SharedBudget
from gateway.upstream.decode import MEMORY_PER_BODY_BYTE, Page, WholePage, page
from gateway.upstream.lenient import Report, unreported

T = TypeVar("T", bound=Struct)
S = TypeVar("S", bound=Struct)

SHARED_BYTES = 24 * 2**20
"""Memory for steps that many players are shown, and for what follows from them: their states and their JSON."""

JUDGED = 256
"""So many look-ups, one after the other, show whether they are worth their cost."""

LEAST_FOUND = 0.1
"""The share of them that has to find something."""

SAMPLED = 16
"""Where less is found, as with a catalogue for each player, only one chain in so many is looked up."""


_Date = Annotated[str, Meta(max_length=64)]
"""Longer ones are left to lenient reading: those that were read are remembered."""


class _RawOfferChain(OfferChain, frozen=True, kw_only=True):
    steps: Raw  # type: ignore[assignment]  # decoded in two passes
    date_start: _Date  # type: ignore[assignment]
    date_end: _Date | None = None  # type: ignore[assignment]


class _RawRewardChain(RewardChain, frozen=True, kw_only=True):
    steps: Raw  # type: ignore[assignment]  # decoded in two passes
    date_start: _Date  # type: ignore[assignment]
    date_end: _Date | None = None  # type: ignore[assignment]


class _RawDailyChain(DailyChain, frozen=True, kw_only=True):
    steps: Raw  # type: ignore[assignment]  # decoded in two passes
    date_start: _Date  # type: ignore[assignment]
    date_end: _Date | None = None  # type: ignore[assignment]


class ChainLists:
    """Decodes all lists; shares steps within `max_bytes`."""

    def __init__(self, *, max_bytes: int = SHARED_BYTES) -> None:
        self._budget = budget = SharedBudget(max_bytes)
        self._offers = _Chains(OfferChain, _RawOfferChain, _Steps(OfferStep, budget))
        self._rewards = _Chains(RewardChain, _RawRewardChain, _Steps(RewardStep, budget))
        self._dailies = _Chains(DailyChain, _RawDailyChain, _Steps(DailyStep, budget))

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for shared steps and what is kept with them."""
        return self._budget.charged_bytes

    def offer_chains(self, body: bytes, report: Report = unreported) -> Page[OfferChain]:
        """Decode a page of offer chains (client contract, 1.1). Raises UpstreamInvalid when it is not a page at all."""
        return page(body, self._offers.decode, OfferChain, report)

    def reward_chains(self, body: bytes, report: Report = unreported) -> Page[RewardChain]:
        """Decode a page of reward chains (client contract, 2.1). Raises UpstreamInvalid when it is no page at all."""
        return page(body, self._rewards.decode, RewardChain, report)

    def daily_chains(self, body: bytes, report: Report = unreported) -> Page[DailyChain]:
        """Decode a page of daily chains (client contract, 4). Raises UpstreamInvalid when it is no page at all."""
        return page(body, self._dailies.decode, DailyChain, report)


class _Known(Struct, Generic[S], frozen=True):
    """Steps and their JSON."""

    text: Raw
    steps: Shared[S]


class _Steps(Generic[S]):
    """The steps of chains of one kind by their JSON."""

    def __init__(self, kind: type[S], budget: SharedBudget) -> None:
        self._decode = msgspec.json.Decoder(tuple[kind, ...]).decode  # type: ignore[valid-type]  # made for msgspec
        self._budget = budget
        self._known: dict[int, _Known[S]] = {}
        self._turn = self._found = 0
        self._turns_end = JUDGED
        self._is_sampling = False
        self.decoded_bytes = 0
        """JSON of all steps that were decoded, and not found, since the start."""

    def steps(self, raw: Raw) -> tuple[S, ...]:
        """The steps with this JSON. Raises what msgspec raises."""
        self._turn += 1
        if self._is_sampling and self._turn % SAMPLED:
            self.decoded_bytes += len(raw)
            return self._decode(raw)
        # A checksum finds them and their bytes are compared: hashing as many bytes costs five times as much.
        checksum = crc32(raw)
        known = self._known.get(checksum)
        is_known = known is not None and known.text == raw
        self._found += is_known
        if self._turn >= self._turns_end:
            self._judge()
        return known.steps if known is not None and is_known else self._new(raw, checksum)

    def _judge(self) -> None:
        """Look up all of the next steps, or a sample where looking up finds too little."""
        self._is_sampling = self._found < JUDGED * LEAST_FOUND
        self._turns_end = JUDGED * (SAMPLED if self._is_sampling else 1)
        self._turn = self._found = 0

    def _new(self, raw: Raw, checksum: int) -> tuple[S, ...]:
        steps = self._decode(raw)
        self.decoded_bytes += len(raw)
        if not self._budget.is_second_sighting(checksum):
            return steps
        for step in steps:
            self._share_inside(step)
        shared = Shared(steps, self._budget)
        # A copy, because a part of a body keeps all of it in memory.
        self._budget.keep(self._known, checksum, _Known(raw.copy(), shared), len(raw) * (1 + MEMORY_PER_BODY_BYTE))
        return shared

    def _share_inside(self, step: S) -> None:
        """Share a step's items and rewards, too: they are shown alike where the step is not."""
        for name in step.__struct_fields__:
            value = getattr(step, name)
            if value.__class__ is tuple and value:
                force_setattr(step, name, Shared(value, self._budget))


_length: Callable[[Raw], int] = len
_raw_steps: Callable[[object], Raw] = attrgetter("steps")


class _Chains(Generic[T]):
    """Decodes a page of chains of one kind, steps apart from the rest."""

    def __init__(self, kind: type[T], raw_kind: type[T], steps: _Steps[S]) -> None:
        self._kind: Callable[..., T] = kind
        names = kind.__struct_fields__
        self._steps_at, self._start_at, self._end_at = map(names.index, ("steps", "date_start", "date_end"))
        self._values = attrgetter(*names)
        self._page = msgspec.json.Decoder(WholePage[raw_kind]).decode  # type: ignore[valid-type]  # made for msgspec
        self._steps = steps

    def decode(self, body: bytes) -> Page[T]:
        """Decode a page whose every chain is as the contract says. Raises what msgspec raises."""
        raw = self._page(body)
        decoded_before = self._steps.decoded_bytes
        items = tuple(map(self._whole, raw.items))
        new_bytes = self._steps.decoded_bytes - decoded_before
        shared_bytes = sum(map(_length, map(_raw_steps, raw.items))) - new_bytes
        return Page(items, len(items), bool(raw.has_more), raw.total_items_count, shared_bytes)

    def _whole(self, raw: object) -> T:
        values = list(self._values(raw))
        values[self._steps_at] = self._steps.steps(values[self._steps_at])
        values[self._start_at] = _moment(values[self._start_at])
        if values[self._end_at] is not None:
            values[self._end_at] = _moment(values[self._end_at])
        return self._kind(*values)


@lru_cache(maxsize=1_024)
def _moment(date: str) -> datetime:
    """A date in UTC: all players are shown the same ones, and each reckoning with an offset costs a microsecond."""
    return utc(msgspec.convert(date, datetime))
