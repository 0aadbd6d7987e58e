"""The cycle that a claim or an order is meant for: once the chain has started over, it is refused and not sent."""

from gateway.domain.models import Chain
from gateway.domain.refusals import UserErrorCode
from gateway.domain.schedule import cycle_of
from gateway.player import Player
from gateway.schema.outcomes import UserErrorView

CYCLE_PATH = ("input", "cycle")


async def offer_cycle_error(
    player: Player, chain_id: int, cycle: str | None, path: tuple[str, ...]
) -> UserErrorView | None:
    """Why nothing may be sent to an offer chain for this cycle, from the chain as the upstream shows it now.

    None without a cycle, which costs no call. `path` is the input field that names the chain.
    """
    if cycle is None:
        return None
    return cycle_error(await player.reads.fresh_offer_chain(chain_id), cycle, path)


async def reward_cycle_error(
    player: Player, chain_id: int, cycle: str | None, path: tuple[str, ...]
) -> UserErrorView | None:
    """As `offer_cycle_error`, for a reward chain."""
    if cycle is None:
        return None
    player.reads.expire_reward_chains()
    chains = (await player.reads.reward_chains()).listing.items
    found = next((chain for chain in chains if chain.reward_chain_id == chain_id), None)
    return cycle_error(found, cycle, path)


async def daily_cycle_error(
    player: Player, chain_id: int, cycle: str | None, path: tuple[str, ...]
) -> UserErrorView | None:
    """As `offer_cycle_error`, for a daily chain."""
    if cycle is None:
        return None
    return cycle_error(await player.daily.fresh_chain(chain_id), cycle, path)


def cycle_error(chain: Chain | None, cycle: str | None, path: tuple[str, ...]) -> UserErrorView | None:
    """Why nothing may be sent to a chain that was read just now; None where it is in this cycle, or none is named."""
    if chain is None:
        return UserErrorView(UserErrorCode.NOT_FOUND, path)
    if cycle is None or cycle == cycle_of(chain):
        return None
    return UserErrorView(UserErrorCode.CYCLE_CHANGED, CYCLE_PATH)


def with_cycle(arguments: tuple[str, ...], cycle: str | None) -> tuple[str, ...]:
    """A write's arguments with its cycle; without one, they are what they were before there were cycles."""
    return arguments if cycle is None else (*arguments, "cycle", cycle)
