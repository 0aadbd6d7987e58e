"""Lists of chains out of upstream JSON. A chain's steps with the same JSON are one object for all players.

A project shows one catalogue to all players, so most steps have been seen before, byte for byte: they are looked up
instead of decoded, and what follows from them is kept with them. What differs by player, like claims, differs in the
bytes, too. Nothing of it belongs to one player: equal bytes are equal steps.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from isal.isal_zlib import crc32
from msgspec import Meta, Raw, Struct, defstruct
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
"""So many chains, one after the other, show whether looking them up is worth its cost."""

LEAST_FOUND = 0.5
"""The share of them that has to be found: sharing those that are not costs as much as is saved by those that are."""

SAMPLED = 17
"""Where less is found, as with a catalogue for each player, only one page in so many is looked up. The others are
decoded at once, which costs a quarter less. It is a prime: players who come in turn are all in the sample."""


_Date = Annotated[str, Meta(max_length=64)]
"""Longer ones are left to lenient reading: those that were read are remembered."""


def _read_as(kind: type[T], *fields: tuple[str, object]) -> Callable[[bytes], WholePage[Any]]:
    """A decoder of pages of chains whose dates are left as they came, and these fields as they say."""
    dates = (("date_start", _Date), ("date_end", _Date | None, None))
    read = defstruct(f"_{kind.__name__}", (*dates, *fields), bases=(kind,), frozen=True, kw_only=True)
    decoder: msgspec.json.Decoder[WholePage[Any]] = msgspec.json.Decoder(WholePage[read])  # type: ignore[valid-type]
    return decoder.decode


class ChainLists:
    """Decodes all lists; shares steps within `max_bytes`."""

    def __init__(self, *, max_bytes: int = SHARED_BYTES) -> None:
        self._budget = budget = SharedBudget(max_bytes)
        self._offers = _Chains(OfferChain, _Steps(OfferStep, budget))
        self._rewards = _Chains(RewardChain, _Steps(RewardStep, budget))
        self._dailies = _Chains(DailyChain, _Steps(DailyStep, budget))

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
        self._pages = self._looked_up = self._found = 0
        self._is_sampling = False

    def are_looked_up(self) -> bool:
        """Whether to look up the steps of the next page: of each one, or of a sample where too little is found."""
        self._pages += 1
        return not self._is_sampling or self._pages % SAMPLED == 0

    def look_up(self, texts: Sequence[Raw]) -> tuple[list[tuple[S, ...]], int]:
        """The steps with these JSONs, and how many bytes of them were found. Raises what msgspec raises."""
        steps: list[tuple[S, ...]] = []
        found_bytes = found = 0
        for text in texts:
            # A checksum finds them and their bytes are compared: hashing as many bytes costs five times as much.
            checksum = crc32(text)
            known = self._known.get(checksum)
            if known is not None and known.text == text:
                found += 1
                found_bytes += len(text)
                steps.append(known.steps)
            else:
                steps.append(self._new(text, checksum))
        self._found += found
        self._looked_up += len(steps)
        if self._looked_up >= JUDGED:
            self._is_sampling = self._found < self._looked_up * LEAST_FOUND
            self._looked_up = self._found = 0
        return steps, found_bytes

    def _new(self, raw: Raw, checksum: int) -> tuple[S, ...]:
        steps = self._decode(raw)
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


class _Chains(Generic[T]):
    """Decodes a page of chains of one kind: steps apart from the rest where they are looked up, else at once."""

    def __init__(self, kind: type[T], steps: _Steps[S]) -> None:
        self._kind: Callable[..., T] = kind
        names = kind.__struct_fields__
        self._steps_at, self._start_at, self._end_at = map(names.index, ("steps", "date_start", "date_end"))
        self._values = attrgetter(*names)
        self._whole_page, self._page = _read_as(kind), _read_as(kind, ("steps", Raw))
        self._steps = steps

    def decode(self, body: bytes) -> Page[T]:
        """Decode a page whose every chain is as the contract says. Raises what msgspec raises."""
        shared_bytes = 0
        if self._steps.are_looked_up():
            page = self._page(body)
            steps, shared_bytes = self._steps.look_up([chain.steps for chain in page.items])
        else:
            page = self._whole_page(body)
            steps = [chain.steps for chain in page.items]
        items = []
        for chain, its_steps in zip(page.items, steps, strict=True):
            values = list(self._values(chain))
            values[self._steps_at] = its_steps
            values[self._start_at] = _moment(values[self._start_at])
            if values[self._end_at] is not None:
                values[self._end_at] = _moment(values[self._end_at])
            items.append(self._kind(*values))
        return Page(tuple(items), len(items), bool(page.has_more), page.total_items_count, shared_bytes)


@lru_cache(maxsize=1_024)
def _moment(date: str) -> datetime:
    """A date in UTC: all players are shown the same ones, and each reckoning with an offset costs a microsecond."""
    return utc(msgspec.convert(date, datetime))
