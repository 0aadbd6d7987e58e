"""What the stub upstream answers: offer, reward and daily chains, the points held, and who may ask.

Shapes follow the client contract, 1.2, 2.1, 2.2 and 4. Dates lie so far off that no answer depends on the day.
"""

import json
from collections.abc import Sequence
from random import Random
from typing import Any
from zlib import crc32

from gateway.sandbox import mint_token

Json = dict[str, Any]

PROJECT_ID = 44056
PLAYERS = 200
OFFER_CHAINS, OFFER_STEPS = 5, 10
REWARD_CHAINS, REWARD_STEPS, REWARDS = 3, 15, 2
DAILY_CHAINS, DAILY_STEPS = 2, 7
POINTS = 520
"""Points held for each reward chain: two steps are claimed, three more can be."""

TOKEN_SECRET = "a secret of the bench, of 32 bytes or more"  # noqa: S105 - it protects nothing
"""Signs the tokens, for the server that verifies them."""

MARK = "a9f3c1d2"
"""Stands in each item; an upstream with data of each player's own has the player's there."""

_TYPES = ("virtual_good", "virtual_currency", "bundle")
_TOKEN_ISSUED_AT = 1_700_000_000.0
_TOKEN_SECONDS = 10**9


def answers(times: int = 1) -> dict[str, bytes]:
    """Body by file name: `offer_chain`, `reward_chain`, `daily_chain`, and `balance` with the chain's number.

    `times` is how often as many steps offer and reward chains have.
    """
    bodies = {"offer_chain": offer_chains(times), "reward_chain": reward_chains(times), "daily_chain": daily_chains()}
    return _encoded(bodies)


def progress_of(token: str) -> dict[str, bytes]:
    """The same for one player with their own progress in each chain, and their own points."""
    chance = Random(mark(token))  # noqa: S311 - the same in each run
    offers, rewards = offer_chains(), reward_chains()
    for chain in offers["items"]:
        done = chance.randrange(OFFER_STEPS)
        chain["next_step_number"] = done + 1
        for step in chain["steps"]:
            step["is_claimed"] = step["step_number"] <= done
    for chain in rewards["items"]:
        done = chance.randrange(REWARD_STEPS)
        chain["value_point"]["amount"] = 100 * done + chance.randrange(500)
        for number, step in enumerate(chain["steps"]):
            step["is_claimed"] = number < done
    return _encoded({"offer_chain": offers, "reward_chain": rewards, "daily_chain": daily_chains()})


def _encoded(bodies: dict[str, Json]) -> dict[str, bytes]:
    points = [chain["value_point"] for chain in bodies["reward_chain"]["items"]]
    bodies |= {f"balance_{number}": one for number, one in enumerate(points, start=1)}
    return {name: json.dumps(body, separators=(",", ":")).encode() for name, body in bodies.items()}


def tokens(players: int = PLAYERS) -> Sequence[str]:
    """One valid token for each player; they end in the year 2055."""
    return [
        mint_token(
            f"00000000-1111-2222-3333-{player:012d}",
            secret=TOKEN_SECRET,
            project_id=PROJECT_ID,
            lifetime_seconds=_TOKEN_SECONDS,
            now=_TOKEN_ISSUED_AT,
        )
        for player in range(players)
    ]


def mark(token: str) -> str:
    """What a player has in the place of the mark."""
    return f"{crc32(f'Bearer {token}'.encode()):08x}"


def offer_chains(times: int = 1) -> Json:
    """The list of offer chains."""
    return _page([_offer_chain(chain, OFFER_STEPS * times) for chain in range(1, OFFER_CHAINS + 1)])


def reward_chains(times: int = 1) -> Json:
    """The list of reward chains; each carries the points held."""
    return _page([_reward_chain(chain, REWARD_STEPS * times) for chain in range(1, REWARD_CHAINS + 1)])


def daily_chains() -> Json:
    """The list of daily chains."""
    return _page([_daily_chain(chain) for chain in range(1, DAILY_CHAINS + 1)])


def value_point(chain: int) -> Json:
    """The points that count for a reward chain: in the list, and as the answer of its balance call."""
    return {
        "item_id": 9000 + chain,
        "sku": f"com.game.points_{chain}",
        "name": f"Season points {chain}",
        "type": "value_point",
        "description": "Earned in every match",
        "long_description": None,
        "image_url": "https://cdn.example.com/img/points.png",
        "amount": POINTS,
        "is_clan": False,
    }


def _page(items: list[Json]) -> Json:
    return {"has_more": False, "total_items_count": len(items), "items": items}


def _offer_chain(chain: int, steps: int) -> Json:
    return {
        "id": chain,
        "name": f"Weekly offers {chain}",
        "description": f"Major weekly offers chain {chain}",
        "order": chain,
        "date_start": "2026-04-15T18:16:00+05:00",
        "date_end": "2098-12-25T18:16:00+05:00",
        "recurrent_schedule": {"interval_type": "weekly", "reset_next_date": 4_070_908_800},
        # A third of the chains wait for a free step, the others for a paid one.
        "next_step_number": 3 + chain % 3,
        "steps": [_offer_step(chain, number) for number in range(1, steps + 1)],
    }


def _offer_step(chain: int, number: int) -> Json:
    is_free = number % 3 == 0
    price = {"amount": round(4.99 + number, 2), "amount_without_discount": round(9.99 + number, 2), "currency": "USD"}
    item = _item(chain * 100 + number) | {"is_free": number % 4 == 0, "order": 1}
    return {
        "step_number": number,
        "is_free": is_free,
        "is_claimed": number < 3 + chain % 3,
        "step_price": None if is_free else price,
        "items": [item],
    }


def _reward_chain(chain: int, steps: int) -> Json:
    return {
        "reward_chain_id": chain,
        "name": f"Season pass {chain}",
        "description": f"Season pass chain {chain}",
        "long_description": "You can get a lot of additional items just by shopping during the week",
        "image_url": f"https://cdn.example.com/img/chains/{chain:04d}.png",
        "order": chain,
        "date_start": "2026-04-15T18:16:00+05:00",
        "date_end": None,
        "clan_type": None,
        "top_contributors": [],
        "recurrent_schedule": None,
        "value_point": value_point(chain),
        "steps": [_reward_step(chain, number) for number in range(1, steps + 1)],
        "popup_header": None,
        "popup_instruction": None,
        "popup_image_url": None,
    }


def _reward_step(chain: int, number: int) -> Json:
    return {
        "step_id": chain * 1000 + number,
        "name": f"Tier {number}",
        "image_url": f"https://cdn.example.com/img/tiers/{number}.png",
        "is_claimed": number < 3,
        "price": {"amount": number * 100},
        "reward": [_item(5000 + chain * 100 + number * 2 + place) for place in range(REWARDS)],
    }


def _daily_chain(chain: int) -> Json:
    return {
        "id": chain,
        "name": f"Daily gifts {chain}",
        "description": f"A gift for each day, chain {chain}",
        "order": chain,
        "date_start": "2026-04-15T18:16:00+05:00",
        "date_end": None,
        "type": ("rolling", "calendar_hard")[chain % 2],
        "steps": [_daily_step(chain, number) for number in range(1, DAILY_STEPS + 1)],
    }


def _daily_step(chain: int, number: int) -> Json:
    """One day was missed and one claimed, the third is open, and the others open far from now."""
    status, day = ("blocked", "claimed", "claimable", "claim_in_future")[min(number, 4) - 1], number * 86_400
    return {
        "step_number": number,
        "status": status,
        "unlocked_date": day + (4_070_908_800 if status == "claim_in_future" else 1_776_259_200),
        "items": [_item(9000 + chain * 100 + number) | {"is_free": True, "order": 1}],
    }


def _item(number: int) -> Json:
    return {
        "item_id": 1000 + number,
        "sku": f"com.game.item_{number:04d}",
        "name": f"Booster mega pack {number}",
        "type": _TYPES[number % 3],
        "bundle_type": None,
        "description": f"A limited booster pack number {number} with useful things inside",
        "image_url": f"https://cdn.example.com/img/items/{number:06d}-{MARK}.png",
        "quantity": 1 + number % 5,
    }
