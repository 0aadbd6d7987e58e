"""Which steps players have claimed. A claim counts in the period in which it was made, so renewal needs no clean-up."""

from collections.abc import Iterable

import msgspec

from gateway.sandbox.storage.chains import Chain, Step
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import id_list
from gateway.sandbox.storage.orders import Order
from gateway.sandbox.storage.players import Player

_CLAIMED = """
    SELECT step_id FROM json_each(:since) AS wanted
    CROSS JOIN step_claims
        ON player_number = :player_number AND chain_id = CAST(wanted.key AS INTEGER) AND claimed_at >= wanted.value
"""


def claimed_steps(tx: Transaction, player: Player | None, chains: Iterable[Chain]) -> frozenset[int]:
    """Collect the ids of the chains' steps that the player has claimed in the current period of each chain."""
    if player is None:
        return frozenset()
    rows = tx.all(_CLAIMED, since=period_starts(chains, tx.now), player_number=player.player_number)
    return frozenset(row["step_id"] for row in rows)


def record_claim(
    tx: Transaction,
    chain: Chain,
    step: Step,
    order: Order,
    *,
    period_start: int | None = None,
    claimed_at: float | None = None,
) -> None:
    """Record that the order's player has claimed the step; the primary key refuses a second claim in one period.

    The period is the chain's current one, and the time is now, where none is given.
    """
    tx.run(
        "INSERT INTO step_claims (player_number, step_id, period_start, chain_id, order_id, claimed_at)"
        " VALUES (:player_number, :step_id, :period_start, :chain_id, :order_id, :claimed_at)",
        player_number=order.player_number,
        step_id=step.step_id,
        period_start=chain.current_period_start(tx.now) if period_start is None else period_start,
        chain_id=chain.chain_id,
        order_id=order.order_id,
        claimed_at=tx.now if claimed_at is None else claimed_at,
    )


def delete_claims(
    tx: Transaction, player: Player, step_ids: Iterable[int], *, since: float = 0, period_start: int | None = None
) -> list[int]:
    """Delete the player's claims of these steps, made `since` then and in this period, and return their orders."""
    rows = tx.all(
        "DELETE FROM step_claims WHERE player_number = :player_number"
        " AND step_id IN (SELECT value FROM json_each(:step_ids))"
        " AND claimed_at >= :since AND period_start = coalesce(:period_start, period_start) RETURNING order_id",
        player_number=player.player_number,
        step_ids=id_list(step_ids),
        since=since,
        period_start=period_start,
    )
    return [row["order_id"] for row in rows]


def period_starts(chains: Iterable[Chain], now: float) -> str:
    """Write the start of each chain's current period, as the JSON object that `json_each` reads."""
    return msgspec.json.encode({chain.chain_id: chain.current_period_start(now) for chain in chains}).decode()
