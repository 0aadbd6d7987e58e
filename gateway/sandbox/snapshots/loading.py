"""Loads a snapshot into a sandbox, by the same types and functions with which the Admin calls create things.

Only the guides' limits of one item in an offer step, 30 and 31 steps and 10 rewards are not applied, since it is not
known whether the upstream enforces them (admin contract, 12).
"""

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta

from gateway.sandbox.admin import daily_chain_requests as daily
from gateway.sandbox.admin import offer_chain_requests as offer
from gateway.sandbox.admin import reward_chain_requests as reward
from gateway.sandbox.admin.steps import check_step_items
from gateway.sandbox.snapshots.attempts import Attempts, Problem, checked, number_of
from gateway.sandbox.snapshots.item_loading import ITEM_KINDS, ItemLoader
from gateway.sandbox.snapshots.snapshot import Raw, Snapshot
from gateway.sandbox.snapshots.words import NOUNS
from gateway.sandbox.snapshots.written_form import daily_chain_body, offer_chain_body, reward_chain_body
from gateway.sandbox.storage.chain_writes import NewChain, create_chain
from gateway.sandbox.storage.database import Transaction

_MOST_STEPS = 366
_MOST_REWARDS = 100


class _OfferStep(offer.StepBody, frozen=True, forbid_unknown_fields=True):
    items: Annotated[tuple[offer.ItemBody, ...], Meta(min_length=1, max_length=_MOST_REWARDS)]


class _OfferChain(offer.ChainBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    steps: Annotated[tuple[_OfferStep, ...], Meta(min_length=1, max_length=_MOST_STEPS)]


class _RewardStep(reward.StepBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reward: Annotated[tuple[reward.RewardBody, ...], Meta(min_length=1, max_length=_MOST_REWARDS)]


class _RewardChain(reward.ChainBody, frozen=True, forbid_unknown_fields=True, kw_only=True):
    steps: Annotated[tuple[_RewardStep, ...], Meta(min_length=1, max_length=_MOST_STEPS)]


class Count(NamedTuple):
    """How many things of a kind a snapshot has, and how many of them are in the sandbox."""

    listed: int
    created: int


class Loaded(NamedTuple):
    """What came of a snapshot: counts by kind, problems, and the new numbers of chains by kind and old number."""

    counts: Mapping[str, Count]
    problems: tuple[Problem, ...]
    chain_ids: Mapping[tuple[str, int], int]


def load_snapshot(tx: Transaction, snapshot: Snapshot) -> Loaded:
    """Create a snapshot's items and chains in its project, which is there and empty."""
    attempts = Attempts(tx)
    items = ItemLoader(tx, snapshot, attempts)
    items.load()
    counts = {}
    for kind in ITEM_KINDS:
        skus = {raw.get("sku") for raw in getattr(snapshot, kind)}
        counts[kind] = Count(len(skus), len((skus & items.created.keys()) - items.stand_ins))
    clan_points = {sku for sku, new in items.created.items() if new.is_clan}

    def new_reward_chain(raw: Raw) -> NewChain:
        value_point = raw.get("value_point")
        is_clan = isinstance(value_point, dict) and value_point.get("sku") in clan_points
        return reward.new_reward_chain(checked(reward_chain_body(raw, is_clan), _RewardChain), is_clan)

    chains = _ChainLoader(tx, snapshot.project_id, attempts)
    chains.load("offer_chains", "id", snapshot.offer_chains, _new_offer_chain)
    chains.load("reward_chains", "reward_chain_id", snapshot.reward_chains, new_reward_chain)
    chains.load("daily_chains", "id", snapshot.daily_chains, _new_daily_chain)
    return Loaded({**counts, **chains.counts}, tuple(attempts.problems), chains.ids)


class _ChainLoader:
    def __init__(self, tx: Transaction, project_id: int, attempts: Attempts) -> None:
        self._tx, self._project_id, self._attempts = tx, project_id, attempts
        self.counts: dict[str, Count] = {}
        self.ids: dict[tuple[str, int], int] = {}

    def load(self, kind: str, id_name: str, raws: tuple[Raw, ...], build: Callable[[Raw], NewChain]) -> None:
        """Create the chains of a kind, oldest first, as lists with the same `order` have them."""
        number = number_of(id_name)
        created = 0
        for raw in sorted(raws, key=number):
            what = f"{NOUNS[kind]} {number(raw)}"
            self._attempts.note_languages(what, raw)
            with self._attempts.attempt(what):
                new = build(raw)
                check_step_items(self._tx, self._project_id, new)
                self.ids[kind, number(raw)] = create_chain(self._tx, self._project_id, new)
                created += 1
        self.counts[kind] = Count(len(raws), created)


def _new_offer_chain(raw: Raw) -> NewChain:
    return offer.new_offer_chain(checked(offer_chain_body(raw), _OfferChain))


def _new_daily_chain(raw: Raw) -> NewChain:
    return daily.new_daily_chain(checked(daily_chain_body(raw), daily.ChainBody))
