"""Lists of chains out of upstream JSON. A chain's steps with the same JSON are one object for all players.

A project shows one catalogue to all players, so most steps have been seen before, byte for byte: they are looked up
instead of decoded, and what follows from them is kept with them. What differs by player, like claims, differs in the
bytes, too. Nothing of it belongs to one player: equal bytes are equal steps.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from secrets import token_hex
from typing import Annotated, Any, Generic, TypeVar

import msgspec
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

LONGEST_SHARED = 2**18
"""Bytes of the JSON of steps that are shared; those of a chain have 30,000 at most."""

MOST_LOOKED_UP = 200
"""Steps of one page that are looked up, which takes a copy of their JSON; a page of the upstream's has 50 chains."""

JUDGED = 256
"""So many chains, one after the other, show whether looking them up is worth its cost."""

LEAST_FOUND = 0.5
"""The share of them that has to be found: sharing those that are not costs as much as is saved by those that are."""

SAMPLED = 17
"""Where less is found, as with a catalogue for each player, only one page in so many is looked up. The others are
decoded at once, which costs a quarter less. It is a prime: players who come in turn are all in the sample."""


_NAME = b'"steps":'
"""Where it stands in a JSON document, a name ends and its value follows: texts have a backslash before each quote."""

_MARK = token_hex(8).encode()
"""Begins each mark; random, so that no upstream can have it in a body."""

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


class _Known(dict[bytes, Shared[S]]):
    """Steps by their JSON.

    No JSON array is the beginning of another one: of all that are known, in order, only the last that is not after a
    text can be what the text begins with.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ordered: list[bytes] = []
        self._longest = 0

    def __setitem__(self, text: bytes, steps: Shared[S]) -> None:
        insort(self._ordered, text)
        self._longest = max(self._longest, len(text))
        super().__setitem__(text, steps)

    def clear(self) -> None:
        """Forget all."""
        super().clear()
        self._ordered.clear()

    def at(self, body: bytes, start: int) -> bytes | None:
        """The JSON that stands there in a body, if it is known."""
        text = body[start : start + self._longest]
        number = bisect_right(self._ordered, text)
        return self._ordered[number - 1] if number and text.startswith(self._ordered[number - 1]) else None


class _Steps(Generic[S]):
    """The steps of chains of one kind by their JSON."""

    def __init__(self, kind: type[S], budget: SharedBudget) -> None:
        self._decode = msgspec.json.Decoder(tuple[kind, ...]).decode  # type: ignore[valid-type]  # made for msgspec
        self._budget = budget
        self._known = _Known[S]()
        self._pages = self._looked_up = self._found = 0
        self._is_sampling = False

    def are_looked_up(self) -> bool:
        """Whether to look up the steps of the next page: of each one, or of a sample where too little is found."""
        self._pages += 1
        return not self._is_sampling or self._pages % SAMPLED == 0

    def look_up(self, body: bytes) -> tuple[bytes, dict[bytes, Shared[S]]]:
        """A body with a mark in place of the JSON of steps that are known, and the steps by their marks.

        The rest is a tenth of the body, and all that has to be read.
        """
        found: dict[bytes, Shared[S]] = {}
        parts: list[bytes] = []
        end = at = 0
        for _ in range(MOST_LOOKED_UP):
            at = body.find(_NAME, at)
            if at < 0:
                break
            # Serialisers write no white space before a value, or one space.
            start = at + len(_NAME)
            start += body[start : start + 1] == b" "
            text = self._known.at(body, start)
            if text is None:
                at = start
            else:
                mark = b'"%b%d"' % (_MARK, len(found))
                parts += (body[end:start], mark)
                found[mark] = self._known[text]
                at = end = start + len(text)
        return b"".join((*parts, body[end:])), found

    def of(self, texts: Sequence[Raw], found: Mapping[bytes, Shared[S]]) -> list[tuple[S, ...]]:
        """The steps with these marks or JSONs. Raises what msgspec raises."""
        # Copies, because a part of a body keeps all of it in memory.
        steps = [found[text] if text in found else self._new(text) for text in map(bytes, texts)]
        self._found += len(found)
        self._looked_up += len(steps)
        if self._looked_up >= JUDGED:
            self._is_sampling = self._found < self._looked_up * LEAST_FOUND
            self._looked_up = self._found = 0
        return steps

    def _new(self, text: bytes) -> tuple[S, ...]:
        if text in self._known:
            return self._known[text]
        steps = self._decode(text)
        if len(text) > LONGEST_SHARED or not self._budget.is_second_sighting(text):
            return steps
        for step in steps:
            self._share_inside(step)
        shared = Shared(steps, self._budget)
        self._budget.keep(self._known, text, shared, len(text) * (1 + MEMORY_PER_BODY_BYTE))
        return shared

    def _share_inside(self, step: S) -> None:
        """Share a step's items and rewards, too: they are shown alike where the step is not."""
        for name in step.__struct_fields__:
            value = getattr(step, name)
            if value.__class__ is tuple and value:
                force_setattr(step, name, Shared(value, self._budget))


class _Chains(Generic[T]):
    """Decodes a page of chains of one kind: without steps that are known where those are looked up, else at once."""

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
            rest, found = self._steps.look_up(body)
            page, shared_bytes = self._page(rest), len(body) - len(rest) + sum(map(len, found))
            steps = self._steps.of([chain.steps for chain in page.items], found)
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
