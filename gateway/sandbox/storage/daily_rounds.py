"""Where players stand in daily chains: their claims, and the round that follows from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from gateway.sandbox.domain.daily_rounds import DailyClaim, DailyPlan, DailyRound, DailyType, daily_round
from gateway.sandbox.storage.chains import Chain
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import id_list
from gateway.sandbox.storage.players import Player

_CLAIMS = """
    SELECT chain_id, step_id, period_start, claimed_at FROM step_claims
    WHERE player_number = :player_number AND chain_id IN (SELECT value FROM json_each(:chain_ids))
"""


def daily_rounds(tx: Transaction, player: Player | None, chains: Sequence[Chain]) -> Mapping[int, DailyRound]:
    """The rounds that a player is in, by chain; the chains were loaded with their steps.

    Without a player it is the round of somebody who has claimed nothing.
    """
    claims: dict[int, list[DailyClaim]] = defaultdict(list)
    number = player.player_number if player else 0
    for row in tx.all(_CLAIMS, player_number=number, chain_ids=id_list(chain.chain_id for chain in chains)):
        claim = DailyClaim(row["step_id"], row["period_start"], row["claimed_at"])
        claims[row["chain_id"]].append(claim)
    return {chain.chain_id: daily_round(_plan(chain), claims[chain.chain_id], tx.now) for chain in chains}


def _plan(chain: Chain) -> DailyPlan:
    return DailyPlan(
        type=DailyType(chain.daily_type or ""),
        is_recurrent=chain.is_recurrent,
        starts_at=int(chain.starts_at),
        ends_at=chain.ends_at,
        reset_at=None if chain.reset_at is None else int(chain.reset_at),
        step_ids=tuple(step.step_id for step in chain.steps),
    )
