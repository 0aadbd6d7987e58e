"""Reward chain calls (client contract, 2)."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.reward_steps import claim_reward_step
from gateway.sandbox.client import responses as answers
from gateway.sandbox.client.player_calls import Reception, Visit
from gateway.sandbox.client.schedules import reset_schedule
from gateway.sandbox.errors import NotFoundError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, active_chains, find_chain, item_ids, with_steps
from gateway.sandbox.storage.items import Item, Items, load_items
from gateway.sandbox.storage.points import Standing, ValuePoint, standings, value_points
from gateway.sandbox.storage.step_claims import claimed_steps

LARGEST_PAGE = 50
MOST_CONTRIBUTORS = 10


class RewardChainCalls:
    """List, balance and claim; the contract has no call for one reward chain."""

    def __init__(self, reception: Reception) -> None:
        """Take what lets calls in."""
        self._reception = reception

    def routes(self) -> list[Route]:
        """Name the calls' paths, below the project."""
        chain = "/user/reward_chain/{reward_chain_id}"
        return [
            Route("/user/reward_chain", self.list_chains, methods=["GET"], name="get-reward-chains-list"),
            Route(chain + "/balance", self.get_balance, methods=["GET"], name="get-user-reward-chain-balance"),
            Route(
                chain + "/step/{step_id}/claim",
                self.claim_step,
                methods=["POST"],
                name="claim-user-reward-chain-step-reward",
            ),
            Route(
                "/user/clan/contributors/{reward_chain_id}/top",
                self.list_contributors,
                methods=["GET"],
                name="get-user-clan-top-contributors",
            ),
        ]

    async def list_chains(self, request: Request) -> Response:
        """Answer a page of the active chains."""
        window = page_window(request, LARGEST_PAGE)
        with self._reception.read(request) as visit:
            chains = active_chains(visit.tx, visit.viewer, ChainKind.REWARD)
            shown = _answers(visit, with_steps(visit.tx, chains[window]))
        return JsonResponse(answers.Page(shown, has_more=len(chains) > window.stop, total_items_count=len(chains)))

    async def get_balance(self, request: Request) -> Response:
        """Answer the points that count for the player in a chain; an unknown chain is a 404, which is our reading."""
        with self._reception.read(request) as visit:
            player = visit.signed_in()
            chain = _find(visit, request)
            standing = standings(visit.tx, player, [chain])[chain.chain_id]
            point = value_points(visit.tx, [chain])[chain.chain_id]
            answer = _value_point(visit, point, standing)
        return JsonResponse(answer)

    async def claim_step(self, request: Request) -> Response:
        """Claim a step's rewards."""
        with self._reception.write(request) as visit:
            chain_id, step_id = path_id(request, "reward_chain_id"), path_id(request, "step_id")
            claim_reward_step(visit.tx, visit.signed_in(), chain_id, step_id)
        return Response(status_code=204)

    async def list_contributors(self, request: Request) -> Response:
        """Answer who has earned most for the player's clan; nobody when he has none, or the chain is personal."""
        with self._reception.read(request) as visit:
            chain = _find(visit, request)
            standing = standings(visit.tx, visit.viewer.player, [chain])[chain.chain_id]
        return JsonResponse(_contributors(standing))


def reward_item(visit: Visit, item: Item, quantity: int) -> answers.RewardItem:
    """Describe a reward."""
    return answers.RewardItem(
        sku=item.sku,
        name=visit.name(item.name),
        type=item.type,
        description=visit.text(item.description),
        image_url=visit.image(item.image_url),
        quantity=quantity,
    )


def _find(visit: Visit, request: Request) -> Chain:
    chain = find_chain(visit.tx, visit.viewer, ChainKind.REWARD, path_id(request, "reward_chain_id"))
    if chain is None:
        raise NotFoundError("Reward chain not found")
    return chain


def _answers(visit: Visit, chains: list[Chain]) -> list[answers.RewardChain]:
    items = load_items(visit.tx, item_ids(chains))
    points = value_points(visit.tx, chains)
    claimed = claimed_steps(visit.tx, visit.viewer.player, chains)
    standing = standings(visit.tx, visit.viewer.player, chains)
    return [
        _reward_chain(visit, chain, items, points[chain.chain_id], standing[chain.chain_id], claimed)
        for chain in chains
    ]


def _reward_chain(
    visit: Visit, chain: Chain, items: Items, point: ValuePoint, standing: Standing, claimed: Collection[int]
) -> answers.RewardChain:
    return answers.RewardChain(
        reward_chain_id=chain.chain_id,
        name=visit.name(chain.name),
        description=visit.text(chain.description),
        long_description=visit.text(chain.long_description),
        image_url=visit.image(chain.image_url),
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        clan_type=chain.clan_type,
        top_contributors=_contributors(standing),
        value_point=_value_point(visit, point, standing),
        steps=[_reward_step(visit, step, items, step.step_id in claimed) for step in chain.steps],
        recurrent_schedule=reset_schedule(chain, visit.tx.now),
        popup_header=chain.popup_header,
        popup_instruction=chain.popup_instruction,
        popup_image_url=visit.image(chain.popup_image_url),
    )


def _reward_step(visit: Visit, step: Step, items: Items, is_claimed: bool) -> answers.RewardStep:
    return answers.RewardStep(
        step_id=step.step_id,
        name=visit.name(step.name),
        is_claimed=is_claimed,
        image_url=visit.image(step.image_url),
        price=answers.PointsPrice(step.points_needed),
        reward=[
            reward_item(visit, items[reward.item_id], reward.quantity)
            for reward in step.items_for(visit.viewer.attributes)
        ],
    )


def _value_point(visit: Visit, point: ValuePoint, standing: Standing) -> answers.ValuePointAmount:
    return answers.ValuePointAmount(
        sku=point.sku,
        name=visit.name(point.name),
        image_url=visit.image(point.image_url) or "",
        description=visit.text(point.description),
        long_description=visit.text(point.long_description),
        amount=standing.amount,
        is_clan=point.is_clan,
    )


def _contributors(standing: Standing) -> list[answers.Contributor]:
    return [answers.Contributor(one.name, one.amount) for one in standing.contributions[:MOST_CONTRIBUTORS]]
