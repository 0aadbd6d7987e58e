"""Lists of chains out of upstream JSON. Steps with the same JSON are one object for all players.

A project shows one catalogue to all players, so nearly every step has been seen before, byte for byte: it is looked up
instead of decoded, and what is rendered from it can be cached with it. Nothing of it belongs to one player: equal bytes
are equal steps.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from gateway.domain.models import DailyChain, DailyStep, OfferChain, OfferStep, RewardChain, RewardStep
from gateway.upstream.decode import MEMORY_PER_BODY_BYTE, Page, WholePage, page
from gateway.upstream.lenient import Report, unreported

T = TypeVar("T", bound=Struct)
S = TypeVar("S")

STEPS_BYTES = 8 * 2**20
"""Memory that cached steps of one kind may take: about 2,500 of half a kilobyte."""


class _RawOfferChain(OfferChain, frozen=True, kw_only=True):
    steps: tuple[Raw, ...]  # type: ignore[assignment]  # decoded in two passes


class _RawRewardChain(RewardChain, frozen=True, kw_only=True):
    steps: tuple[Raw, ...]  # type: ignore[assignment]  # decoded in two passes


class _RawDailyChain(DailyChain, frozen=True, kw_only=True):
    steps: tuple[Raw, ...]  # type: ignore[assignment]  # decoded in two passes


class ChainLists:
    """Decodes all lists; caches steps within `max_bytes` for each kind."""

    def __init__(self, *, max_bytes: int = STEPS_BYTES) -> None:
        self._offer_steps, self._reward_steps = _Steps(OfferStep, max_bytes), _Steps(RewardStep, max_bytes)
        self._daily_steps = _Steps(DailyStep, max_bytes)
        self._offers = _Chains(OfferChain, _RawOfferChain, self._offer_steps)
        self._rewards = _Chains(RewardChain, _RawRewardChain, self._reward_steps)
        self._dailies = _Chains(DailyChain, _RawDailyChain, self._daily_steps)

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for the cached steps."""
        return sum(one.charged_bytes for one in (self._offer_steps, self._reward_steps, self._daily_steps))

    def offer_chains(self, body: bytes, report: Report = unreported) -> Page[OfferChain]:
        """Decode a page of offer chains (client contract, 1.1). Raises UpstreamInvalid when it is not a page at all."""
        return page(body, self._offers.decode, OfferChain, report)

    def reward_chains(self, body: bytes, report: Report = unreported) -> Page[RewardChain]:
        """Decode a page of reward chains (client contract, 2.1). Raises UpstreamInvalid when it is no page at all."""
        return page(body, self._rewards.decode, RewardChain, report)

    def daily_chains(self, body: bytes, report: Report = unreported) -> Page[DailyChain]:
        """Decode a page of daily chains (client contract, 4). Raises UpstreamInvalid when it is no page at all."""
        return page(body, self._dailies.decode, DailyChain, report)


class _Steps(Generic[S]):
    """Steps by their JSON."""

    def __init__(self, kind: type[S], max_bytes: int) -> None:
        self._decode = msgspec.json.Decoder(kind).decode
        self._max_bytes = max_bytes
        self._known: dict[bytes, S] = {}
        self.charged_bytes = 0
        """Never above `max_bytes`, but for a single step."""
        self.decoded_bytes = 0
        """JSON of all steps that were decoded, and not found, since the start."""

    def step(self, raw: Raw) -> S:
        """The step with this JSON. Raises what msgspec raises."""
        text = bytes(raw)
        known = self._known.get(text)
        return self._new(text) if known is None else known

    def _new(self, text: bytes) -> S:
        step = self._decode(text)
        self.decoded_bytes += len(text)
        step_bytes = len(text) * (1 + MEMORY_PER_BODY_BYTE)
        if self.charged_bytes + step_bytes > self._max_bytes:
            # Emptying it costs one decoding of each step still shown; an LRU would cost something at every look-up.
            self._known.clear()
            self.charged_bytes = 0
        self.charged_bytes += step_bytes
        self._known[text] = step
        return step


_length: Callable[[Raw], int] = len
_raw_steps: Callable[[object], tuple[Raw, ...]] = attrgetter("steps")


class _Chains(Generic[T]):
    """Decodes a page of chains of one kind, steps apart from the rest."""

    def __init__(self, kind: type[T], raw_kind: type[T], steps: _Steps[S]) -> None:
        self._kind: Callable[..., T] = kind
        names = kind.__struct_fields__
        self._place = names.index("steps")
        self._values = attrgetter(*names)
        self._page = msgspec.json.Decoder(WholePage[raw_kind]).decode  # type: ignore[valid-type]  # made for msgspec
        self._steps, self._step = steps, steps.step

    def decode(self, body: bytes) -> Page[T]:
        """Decode a page whose every chain is as the contract says. Raises what msgspec raises."""
        raw = self._page(body)
        decoded_before = self._steps.decoded_bytes
        items = tuple(map(self._whole, raw.items))
        new_bytes = self._steps.decoded_bytes - decoded_before
        shared_bytes = sum([sum(map(_length, _raw_steps(chain))) for chain in raw.items]) - new_bytes
        return Page(items, len(items), bool(raw.has_more), raw.total_items_count, shared_bytes)

    def _whole(self, raw: object) -> T:
        values = list(self._values(raw))
        values[self._place] = tuple(map(self._step, values[self._place]))
        return self._kind(*values)
