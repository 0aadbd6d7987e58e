"""A player's first buy, as mutations that show everything a test may want to compare."""

from typing import Any

from gateway import sandbox
from gateway.schema import ids
from tests.support.stack import ANN, Stack

FREE = ids.encode(ids.IdKind.OFFER_STEP, 1, 1)
PAID = ids.encode(ids.IdKind.OFFER_STEP, 1, 2)

ORDER_CALL = "POST /user/offer_chain/1/step/number/2/order"
CLAIM_CALL = "POST /user/offer_chain/1/step/number/1/claim"
CHAIN_CALL = "GET /user/offer_chain/1"
CONFIRM_CALL = "GET /order/1"
"""How the gateway makes sure of a credential that it has not seen accepted yet."""

ORDER = """mutation($step: ID!, $key: String, $mode: OrderMode) {
  answer: orderOfferChainStep(input: {stepId: $step, idempotencyKey: $key, mode: $mode}) {
    order { id upstreamId token paymentUrl }
    request { method url headers { name value } }
    settledOrder { upstreamId status }
    userErrors { code path isRetryable }
  }
}"""

CLAIM = """mutation($step: ID!, $key: String) {
  answer: claimOfferChainStep(input: {stepId: $step, idempotencyKey: $key}) { orderId userErrors { code path } }
}"""


async def order(
    stack: Stack, key: str | None = None, *, token: str | None = None, step: str = PAID, mode: str | None = None
) -> dict[str, Any]:
    """Order a step; the body of the answer."""
    variables = {"step": step, "key": key, "mode": mode}
    return await stack.ask(ORDER, variables, token=token or stack.token(ANN))


async def claim(stack: Stack, key: str | None = None, *, token: str | None = None, step: str = FREE) -> dict[str, Any]:
    """Claim a step; the body of the answer."""
    return await stack.ask(CLAIM, {"step": step, "key": key}, token=token or stack.token(ANN))


async def open_shop(stack: Stack, player: sandbox.DemoPlayer = ANN) -> None:
    """Let the paid step be the player's next one, as far as the upstream goes; the gateway knows nothing yet."""
    url = f"{stack.sandbox_url}/api/v2/project/{sandbox.DEMO_PROJECT_ID}/user/offer_chain/1/step/number/1/claim"
    answer = await stack.http.post(url, headers={"authorization": f"Bearer {stack.token(player)}"})
    assert answer.status_code == 200


def codes(body: dict[str, Any]) -> list[str]:
    """The codes of the user errors of an answer."""
    return [one["code"] for one in body["data"]["answer"]["userErrors"]]


def top_code(body: dict[str, Any]) -> str:
    """The code of the one error that stands beside an empty answer."""
    (error,) = body["errors"]
    assert body["data"] == {"answer": None}
    code: str = error["extensions"]["code"]
    return code
