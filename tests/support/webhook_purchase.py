"""A purchase that only the webhook can tell of: no poll is due for an hour of a clock that nobody moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.schema import ids
from tests.support.stack import BEN, WEBHOOK_SECRET, Stack, running_stack

POLL_SECONDS, LIMIT_SECONDS = 3_600, 7_200

SET_UP = {
    "GATEWAY_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "GATEWAY_ORDER_POLL_SECONDS": str(POLL_SECONDS),
    "GATEWAY_ORDER_POLL_LIMIT_SECONDS": str(LIMIT_SECONDS),
    "GATEWAY_CACHE_CHAINS_SECONDS": "3600",
}
"""What is kept of the chains outlasts the test as well, so whatever is fresh was told."""

CHAIN = ids.encode(ids.IdKind.OFFER_CHAIN, 3)
STEP = ids.encode(ids.IdKind.OFFER_STEP, 3, 2)
"""The step that BEN has to buy next."""
ORDER = ids.encode(ids.IdKind.ORDER, 10)
"""The first order that anybody places."""

ORDER_CALL = "POST /user/offer_chain/3/step/number/2/order"
READ_ORDER = "GET /order/10"
READ_CHAIN = "GET /user/offer_chain/3"

NEXT_STEP = f'viewer {{ offerChain(id: "{CHAIN}") {{ nextAction nextStep {{ number }} }} }}'
BUY = f"""mutation Buy {{
  orderOfferChainStep(input: {{ stepId: "{STEP}" }}) {{
    order {{ id paymentUrl }}
    userErrors {{ code }}
  }}
}}"""
CHANGES = f"subscription Changes {{ chainsChanged {{ reasons {NEXT_STEP} }} }}"

TO_BUY = {"nextAction": "BUY", "nextStep": {"number": 2}}
BOUGHT = {"nextAction": "CLAIM", "nextStep": {"number": 3}}


def changed(reason: str, chain: object) -> dict[str, object]:
    """What `CHANGES` tells."""
    return {"data": {"chainsChanged": {"reasons": [reason], "viewer": {"offerChain": chain}}}}


@asynccontextmanager
async def purchase_stack() -> AsyncIterator[Stack]:
    """Gateway and sandbox as the demo has them: webhooks flow, and BEN is signed in on the GraphiQL page."""
    async with running_stack(SET_UP, graphiql_player=BEN) as stack:
        await stack.send_webhooks()
        yield stack
