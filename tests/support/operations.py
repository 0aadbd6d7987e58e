"""The operations of the shipped examples, by their names: what the README and GraphiQL show is what the tests run."""

from pathlib import Path

import gateway

FOLDER = Path(gateway.__file__).parent / "examples"

(
    HOME,
    OVERVIEW,
    BADGE,
    OFFER_CHAIN,
    CLAIM_OFFER,
    ORDER_OFFER,
    ORDER,
    REWARD_CHAINS,
    CLAIM_REWARD,
    CLAIM_ALL,
    UPDATE_CLAN,
    ORDER_UPDATED,
    CHAINS_CHANGED,
    WAIT_FOR_ORDER,
    EARN_POINTS,
    ORDER_ITEM,
    DAILY_CHAINS,
    CLAIM_DAILY,
    REFRESH,
) = (path.read_text() for path in sorted(FOLDER.glob("*.graphql")))
