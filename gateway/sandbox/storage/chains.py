"""Chains of all kinds as the publisher made them; nothing here belongs to a player."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.schedules import Schedule, period_start
from gateway.sandbox.domain.visibility import Attributes, Condition, matches, visible
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Part, id_list, read_texts
from gateway.sandbox.storage.players import Viewer

_decode_conditions = msgspec.json.Decoder(tuple[Condition, ...]).decode
_decode_schedule = msgspec.json.Decoder(Schedule).decode


class ChainKind(StrEnum):
    """An offer chain is claimed or bought step by step, a reward chain unlocks with points, a daily chain with days."""

    OFFER = "offer"
    REWARD = "reward"
    DAILY = "daily"


class StepItem(Part, frozen=True):
    """What a step holds; a reward chain's reward may be meant for some players only."""

    order: int
    conditions: tuple[Condition, ...]


class Step(msgspec.Struct, frozen=True):
    """A step; `is_free` is the publisher's switch of an offer chain, the fields after it are a reward chain's."""

    step_id: int
    step_number: int
    items: tuple[StepItem, ...]
    is_free: bool
    points_needed: int
    name: Texts | None
    image_url: str | None

    def items_for(self, attributes: Attributes | None) -> tuple[StepItem, ...]:
        """Keep the items whose conditions the player meets; an anonymous caller sees all."""
        if attributes is None:
            return self.items
        return tuple(item for item in self.items if matches(item.conditions, attributes))


class Chain(msgspec.Struct, frozen=True):
    """A chain and, when it was loaded with them, its steps in order; instants are seconds since 1970."""

    chain_id: int
    kind: ChainKind
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    image_url: str | None
    order: int
    date_start: str
    date_end: str | None
    starts_at: float
    ends_at: float | None
    is_always_visible: bool
    conditions: tuple[Condition, ...]
    schedule: Schedule | None
    clan_type: str | None
    popup_header: Texts | None
    popup_instruction: Texts | None
    popup_image_url: str | None
    is_enabled: bool
    is_reset_on_completion: bool
    schedule_since: float
    daily_type: str | None
    is_recurrent: bool
    reset_at: float | None
    steps: tuple[Step, ...] = ()

    def is_active(self, now: float) -> bool:
        """Say whether the chain runs now: from its start on, until before its end."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def current_period_start(self, now: float) -> int:
        """Return since when progress and points count; 0 when the chain never renews."""
        return period_start(self.schedule, now) if self.schedule else 0


_ACTIVE = """
    SELECT * FROM chains
    WHERE project_id = :project_id AND kind = :kind AND is_enabled
      AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)
    ORDER BY sort_order, chain_id
"""
# Whether a chain is shown can hang on the conditional ones that run beside it.
_ONE_AND_CONDITIONAL = """
    SELECT * FROM chains
    WHERE project_id = :project_id AND kind = :kind AND is_enabled
      AND (chain_id = :chain_id
           OR (attribute_conditions IS NOT NULL AND starts_at <= :now AND (ends_at IS NULL OR ends_at > :now)))
"""
_PUBLISHED = """
    SELECT * FROM chains
    WHERE project_id = :project_id AND kind = :kind AND is_enabled = coalesce(:is_enabled, is_enabled)
    ORDER BY sort_order, chain_id
"""
_STEPS = """
    SELECT * FROM steps WHERE chain_id IN (SELECT value FROM json_each(:chain_ids)) ORDER BY chain_id, step_number
"""
_STEP_ITEMS = """
    SELECT step_items.* FROM steps JOIN step_items USING (step_id)
    WHERE chain_id IN (SELECT value FROM json_each(:chain_ids))
    ORDER BY step_id, position
"""


def active_chains(tx: Transaction, viewer: Viewer, kind: ChainKind) -> list[Chain]:
    """List, without steps, the enabled chains that run now and that the viewer sees, in the publisher's order."""
    rows = tx.all(_ACTIVE, project_id=viewer.project_id, kind=kind, now=tx.now)
    return visible([_chain(row) for row in rows], viewer.attributes)


def find_chain(tx: Transaction, viewer: Viewer, kind: ChainKind, chain_id: int) -> Chain | None:
    """Find an enabled chain that the viewer sees, with its steps; it may have ended, or start later."""
    rows = tx.all(_ONE_AND_CONDITIONAL, project_id=viewer.project_id, kind=kind, chain_id=chain_id, now=tx.now)
    shown = visible([_chain(row) for row in rows], viewer.attributes)
    found = [chain for chain in shown if chain.chain_id == chain_id]
    return with_steps(tx, found)[0] if found else None


def published_chains(tx: Transaction, project_id: int, kind: ChainKind, is_enabled: bool | None) -> list[Chain]:
    """List, without steps, the publisher's chains: all of them, or with `is_enabled` those switched on or off."""
    return [_chain(row) for row in tx.all(_PUBLISHED, project_id=project_id, kind=kind, is_enabled=is_enabled)]


def find_published(tx: Transaction, project_id: int, kind: ChainKind, chain_id: int) -> Chain | None:
    """Find a chain of the publisher's, switched on or off, with its steps."""
    row = tx.one(
        "SELECT * FROM chains WHERE project_id = :project_id AND kind = :kind AND chain_id = :chain_id",
        project_id=project_id,
        kind=kind,
        chain_id=chain_id,
    )
    return with_steps(tx, [_chain(row)])[0] if row else None


def find_of_any_kind(tx: Transaction, project_id: int, chain_id: int) -> Chain | None:
    """Find a chain by its number, switched on or off, with its steps."""
    found = (find_published(tx, project_id, kind, chain_id) for kind in ChainKind)
    return next((chain for chain in found if chain is not None), None)


def with_steps(tx: Transaction, chains: Sequence[Chain]) -> list[Chain]:
    """Load the steps of all these chains: two queries."""
    chain_ids = id_list(chain.chain_id for chain in chains)
    items: dict[int, list[StepItem]] = defaultdict(list)
    for row in tx.all(_STEP_ITEMS, chain_ids=chain_ids):
        items[row["step_id"]].append(
            StepItem(
                item_id=row["item_id"],
                quantity=row["quantity"],
                order=row["sort_order"],
                conditions=_conditions(row["attribute_conditions"]),
            )
        )
    steps: dict[int, list[Step]] = defaultdict(list)
    for row in tx.all(_STEPS, chain_ids=chain_ids):
        steps[row["chain_id"]].append(_step(row, tuple(items[row["step_id"]])))
    return [msgspec.structs.replace(chain, steps=tuple(steps[chain.chain_id])) for chain in chains]


def item_ids(chains: Iterable[Chain]) -> set[int]:
    """Collect the items that the chains' steps hold."""
    return {item.item_id for chain in chains for step in chain.steps for item in step.items}


def _chain(row: sqlite3.Row) -> Chain:
    schedule = row["recurrent_schedule"]
    return Chain(
        chain_id=row["chain_id"],
        kind=ChainKind(row["kind"]),
        name=read_texts(row["name"]),
        description=read_texts(row["description"]),
        long_description=read_texts(row["long_description"]),
        image_url=row["image_url"],
        order=row["sort_order"],
        date_start=row["date_start"],
        date_end=row["date_end"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        is_always_visible=bool(row["is_always_visible"]),
        conditions=_conditions(row["attribute_conditions"]),
        schedule=None if schedule is None else _decode_schedule(schedule),
        clan_type=row["clan_type"],
        popup_header=read_texts(row["popup_header"]),
        popup_instruction=read_texts(row["popup_instruction"]),
        popup_image_url=row["popup_image_url"],
        is_enabled=bool(row["is_enabled"]),
        is_reset_on_completion=bool(row["is_reset_on_completion"]),
        schedule_since=row["schedule_since"],
        daily_type=row["daily_type"],
        is_recurrent=bool(row["is_recurrent"]),
        reset_at=row["reset_at"],
    )


def _step(row: sqlite3.Row, items: tuple[StepItem, ...]) -> Step:
    return Step(
        step_id=row["step_id"],
        step_number=row["step_number"],
        items=items,
        is_free=bool(row["is_free"]),
        points_needed=row["points_needed"],
        name=read_texts(row["name"]),
        image_url=row["image_url"],
    )


def _conditions(column: str | None) -> tuple[Condition, ...]:
    return () if column is None else _decode_conditions(column)
