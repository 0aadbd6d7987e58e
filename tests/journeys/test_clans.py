"""Players with and without a clan."""

import pytest

from gateway import sandbox
from gateway.schema import ids
from tests.support.stack import ANN, BEN, Stack, token_of

CLANS = "{ viewer { isInClan rewardChains { isClan nextAction claimableCount } } }"
CLAIM = f"""mutation {{
  claimRewardChainStep(input: {{ stepId: "{ids.encode(ids.IdKind.REWARD_STEP, 6, 19)}" }}) {{ userErrors {{ code }} }}
}}"""


@pytest.mark.parametrize(
    ("player", "is_in_clan", "action"), [(ANN, False, "JOIN_CLAN"), (BEN, True, "CLAIM")], ids=["none", "one"]
)
async def test_a_player_without_a_clan_is_told_to_join_one(
    stack: Stack, player: sandbox.DemoPlayer, is_in_clan: bool, action: str
) -> None:
    viewer = (await stack.data(CLANS, token=stack.token(player)))["viewer"]
    assert viewer["isInClan"] is is_in_clan
    (chain,) = (chain for chain in viewer["rewardChains"] if chain["isClan"])
    assert chain["nextAction"] == action


async def test_without_a_token_no_clan_is_known_and_nothing_is_asked(stack: Stack) -> None:
    assert await stack.data("{ viewer { isInClan } }") == {"viewer": {"isInClan": None}}
    assert stack.calls() == {}


async def test_a_claim_without_a_clan_says_so(stack: Stack) -> None:
    payload = (await stack.data(CLAIM, token=stack.token(ANN)))["claimRewardChainStep"]
    assert payload["userErrors"] == [{"code": "NOT_IN_CLAN"}]


async def test_a_player_who_joins_a_clan_is_no_longer_told_to(stack: Stack) -> None:
    await stack.data(CLANS, token=stack.token(ANN))
    joined = sandbox.DemoPlayer(ANN.id, ANN.name, {**ANN.attributes, "clan": "lantern-keepers"})
    token = token_of(joined, stack.clock())
    await stack.data("mutation { updateClan { userErrors { code } } }", token=token)
    viewer = (await stack.data(CLANS, token=token))["viewer"]
    assert viewer["isInClan"] is True
    assert "JOIN_CLAN" not in [chain["nextAction"] for chain in viewer["rewardChains"]]
