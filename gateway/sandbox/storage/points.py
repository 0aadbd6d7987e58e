"""Value points: an append-only ledger of what was earned, and what it adds up to for a player or a clan.

Points belong to the value point, not to a chain, so all chains on one value point count the same ledger; each chain
counts from the start of its own current period. They are thresholds and are never spent. Points of a clan value
point belong to the clan in which they were earned and stay there; earned without a clan, they count for none.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.storage.chains import Chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Item, PointReward, id_list, read_texts
from gateway.sandbox.storage.orders import Order
from gateway.sandbox.storage.players import Player
from gateway.sandbox.storage.step_claims import period_starts


class ValuePoint(msgspec.Struct, frozen=True):
    """A value point; `is_clan` says that a whole clan collects it."""

    item_id: int
    sku: str
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    image_url: str | None
    is_clan: bool


class Contribution(msgspec.Struct, frozen=True):
    """What one player has earned for their clan."""

    name: str
    amount: int


class PointBalance(msgspec.Struct, frozen=True):
    """The points that count for a player in one chain; in a clan chain also who earned them, the most first."""

    amount: int = 0
    contributions: tuple[Contribution, ...] = ()


_PERSONAL = """
    SELECT chain_id, sum(amount) AS amount
    FROM json_each(:since) AS wanted
    CROSS JOIN chains ON chain_id = CAST(wanted.key AS INTEGER)
    CROSS JOIN items ON item_id = chains.value_point_id AND NOT is_clan
    CROSS JOIN point_ledger AS ledger
        ON ledger.value_point_id = item_id AND player_number = :player_number
        AND earned_at >= wanted.value AND entry_id > counted_after
    GROUP BY chain_id
"""
_OF_CLAN = """
    SELECT chain_id, players.name AS name, sum(amount) AS amount
    FROM json_each(:since) AS wanted
    CROSS JOIN chains ON chain_id = CAST(wanted.key AS INTEGER)
    CROSS JOIN items ON item_id = chains.value_point_id AND is_clan
    CROSS JOIN point_ledger AS ledger
        ON ledger.value_point_id = item_id AND ledger.clan = :clan
        AND earned_at >= wanted.value AND entry_id > counted_after
    CROSS JOIN players USING (player_number)
    GROUP BY chain_id, player_number
    HAVING sum(amount) > 0
    ORDER BY chain_id, amount DESC, player_number
"""
_VALUE_POINTS = """
    SELECT chain_id, items.* FROM chains JOIN items ON item_id = value_point_id
    WHERE chain_id IN (SELECT value FROM json_each(:chain_ids))
"""
_OWN = """
    SELECT coalesce(sum(amount), 0) AS amount
    FROM chains
    CROSS JOIN items ON item_id = chains.value_point_id
    CROSS JOIN point_ledger AS ledger
        ON ledger.value_point_id = item_id AND player_number = :player_number
        AND ledger.clan IS iif(is_clan, :clan, ledger.clan) AND earned_at >= :since AND entry_id > counted_after
    WHERE chain_id = :chain_id
"""
# Of any clan: the publisher is in none.
_TOP = """
    SELECT players.name AS name, sum(amount) AS amount
    FROM chains
    CROSS JOIN items ON item_id = chains.value_point_id AND is_clan
    CROSS JOIN point_ledger AS ledger
        ON ledger.value_point_id = item_id AND ledger.clan IS NOT NULL
        AND earned_at >= :since AND entry_id > counted_after
    CROSS JOIN players USING (player_number)
    WHERE chain_id = :chain_id
    GROUP BY player_number HAVING sum(amount) > 0
    ORDER BY amount DESC, player_number LIMIT 1
"""
_NOTHING = PointBalance()


def point_balances(tx: Transaction, player: Player | None, chains: Sequence[Chain]) -> Mapping[int, PointBalance]:
    """Add up, by chain, the points that count for the player now; two queries for any number of chains."""
    found: dict[int, PointBalance] = defaultdict(lambda: _NOTHING)
    if player is None:
        return found
    since = period_starts(chains, tx.now)
    for row in tx.all(_PERSONAL, since=since, player_number=player.player_number):
        found[row["chain_id"]] = PointBalance(row["amount"])
    if player.clan is None:
        return found
    earned: dict[int, list[Contribution]] = defaultdict(list)
    for row in tx.all(_OF_CLAN, since=since, clan=player.clan):
        earned[row["chain_id"]].append(Contribution(row["name"], row["amount"]))
    for chain_id, contributions in earned.items():
        found[chain_id] = PointBalance(sum(one.amount for one in contributions), tuple(contributions))
    return found


def own_points(tx: Transaction, player: Player, chain: Chain) -> int:
    """Add up what the player has earned in the chain's current period; in a clan's chain, for the clan they are in."""
    since = chain.current_period_start(tx.now)
    (row,) = tx.all(_OWN, chain_id=chain.chain_id, player_number=player.player_number, clan=player.clan, since=since)
    amount: int = row["amount"]
    return amount


def top_contributor(tx: Transaction, chain: Chain) -> Contribution | None:
    """Find who has earned most in a clan chain's current period, None when nobody has or the chain is personal."""
    row = tx.one(_TOP, chain_id=chain.chain_id, since=chain.current_period_start(tx.now))
    return Contribution(row["name"], row["amount"]) if row else None


def value_points(tx: Transaction, chains: Iterable[Chain]) -> Mapping[int, ValuePoint]:
    """Load the value points that reward chains count, by chain."""
    rows = tx.all(_VALUE_POINTS, chain_ids=id_list(chain.chain_id for chain in chains))
    return {row["chain_id"]: _value_point(row) for row in rows}


def purchase_points(item: Item, quantity: int) -> tuple[PointReward, ...]:
    """Multiply the points of one unit of the item; a bundle's content gives none: only the bundle was bought."""
    return tuple(msgspec.structs.replace(reward, amount=reward.amount * quantity) for reward in item.points)


def grant_points(tx: Transaction, player: Player, order: Order, rewards: Iterable[PointReward]) -> None:
    """Add what a paid order gives to the ledger; only orders in real money do (client contract, 9)."""
    for reward in rewards:
        tx.run(
            "INSERT INTO point_ledger (value_point_id, player_number, clan, amount, order_id, earned_at)"
            " VALUES (:value_point_id, :player_number, :clan, :amount, :order_id, :now)",
            value_point_id=reward.item_id,
            player_number=player.player_number,
            clan=player.clan,
            amount=reward.amount,
            order_id=order.order_id,
            now=tx.now,
        )


def revoke_points(tx: Transaction, order: Order) -> None:
    """Add the opposite of what an order gave, with the same timestamps: each period's sum stays correct.

    Entries that a reset has wiped since are left out; revoked as well, they would make the balance negative.
    """
    tx.run(
        "INSERT INTO point_ledger (value_point_id, player_number, clan, amount, order_id, earned_at)"
        " SELECT value_point_id, player_number, clan, -amount, order_id, earned_at"
        " FROM point_ledger JOIN items ON item_id = value_point_id"
        " WHERE order_id = :order_id AND entry_id > counted_after",
        order_id=order.order_id,
    )


def _value_point(row: sqlite3.Row) -> ValuePoint:
    return ValuePoint(
        item_id=row["item_id"],
        sku=row["sku"],
        name=read_texts(row["name"]),
        description=read_texts(row["description"]),
        long_description=read_texts(row["long_description"]),
        image_url=row["image_url"],
        is_clan=bool(row["is_clan"]),
    )
