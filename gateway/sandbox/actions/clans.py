"""Clan membership (client contract, 3)."""

import msgspec

from gateway.sandbox.actions.reward_steps import grant_rewards, is_clan_chain, reached_steps
from gateway.sandbox.storage.chains import ChainKind, StepItem, active_chains, with_steps
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.players import CLAN_ATTRIBUTE, Player, Viewer, set_clan
from gateway.sandbox.storage.step_claims import claimed_steps


def update_clan(tx: Transaction, player: Player) -> list[StepItem]:
    """Move the player to the clan that their attributes name, or out of any.

    Before players leave a clan they get every reward of its chains that was reached and that they have not claimed;
    these are returned.
    """
    if player.wanted_clan == player.clan:
        return []
    rewards = _claim_all_of_clan(tx, player, player.clan) if player.clan else []
    set_clan(tx, player, player.wanted_clan)
    return rewards


def _claim_all_of_clan(tx: Transaction, player: Player, clan: str) -> list[StepItem]:
    # With the former clan's attribute: a chain may be shown to this clan's members only.
    player = msgspec.structs.replace(player, attributes={**player.attributes, CLAN_ATTRIBUTE: clan})
    chains = active_chains(tx, Viewer(player.project_id, player), ChainKind.REWARD)
    clan_chains = [chain for chain in with_steps(tx, chains) if is_clan_chain(tx, chain)]
    claimed = claimed_steps(tx, player, clan_chains)
    return [
        reward
        for chain in clan_chains
        for step in reached_steps(tx, player, chain)
        if step.step_id not in claimed
        for reward in grant_rewards(tx, player, chain, step)
    ]
