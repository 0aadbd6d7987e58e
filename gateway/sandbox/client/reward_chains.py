"""Reward chain calls (client contract, 2)."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.reward_steps import claim_reward_step
from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.player_calls import PlayerCall, PlayerCalls
from gateway.sandbox.client.schedules import reset_schedule
from gateway.sandbox.errors import NotFoundError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, active_chains, find_chain, item_ids, with_steps
from gateway.sandbox.storage.items import Item, Items, load_items
from gateway.sandbox.storage.points import PointBalance, ValuePoint, point_balances, value_points
from gateway.sandbox.storage.step_claims import claimed_steps

LARGEST_PAGE = 50
MOST_CONTRIBUTORS = 10


class RewardChainCalls:
    """Lists chains, reads a balance and claims steps; the contract has no call for one reward chain."""

    def __init__(self, player_calls: PlayerCalls) -> None:
        """Take what authenticates the calls."""
        self._player_calls = player_calls

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
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
        """Return a page of the active chains."""
        window = page_window(request, LARGEST_PAGE)
        with self._player_calls.read(request) as call:
            chains = active_chains(call.tx, call.viewer, ChainKind.REWARD)
            shown = _responses(call, with_steps(call.tx, chains[window]))
        return JsonResponse(responses.Page(shown, has_more=len(chains) > window.stop, total_items_count=len(chains)))

    async def get_balance(self, request: Request) -> Response:
        """Return the points that count for the player in a chain; an unknown chain is a 404, which is our reading."""
        with self._player_calls.read(request) as call:
            player = call.require_player()
            chain = _find(call, request)
            standing = point_balances(call.tx, player, [chain])[chain.chain_id]
            point = value_points(call.tx, [chain])[chain.chain_id]
            response = _value_point(call, point, standing)
        return JsonResponse(response)

    async def claim_step(self, request: Request) -> Response:
        """Claim a step's rewards."""
        with self._player_calls.write(request) as call:
            chain_id, step_id = path_id(request, "reward_chain_id"), path_id(request, "step_id")
            claim_reward_step(call.tx, call.require_player(), chain_id, step_id)
        return Response(status_code=204)

    async def list_contributors(self, request: Request) -> Response:
        """Return who has earned most for the player's clan; an empty list without a clan, or for a personal chain."""
        with self._player_calls.read(request) as call:
            chain = _find(call, request)
            standing = point_balances(call.tx, call.viewer.player, [chain])[chain.chain_id]
        return JsonResponse(_contributors(standing))


def reward_item(call: PlayerCall, item: Item, quantity: int) -> responses.RewardItem:
    """Describe a reward."""
    return responses.RewardItem(
        sku=item.sku,
        name=call.name(item.name),
        type=item.type,
        description=call.text(item.description),
        image_url=call.absolute_url(item.image_url),
        quantity=quantity,
    )


def _find(call: PlayerCall, request: Request) -> Chain:
    chain = find_chain(call.tx, call.viewer, ChainKind.REWARD, path_id(request, "reward_chain_id"))
    if chain is None:
        raise NotFoundError("Reward chain not found")
    return chain


def _responses(call: PlayerCall, chains: list[Chain]) -> list[responses.RewardChain]:
    items = load_items(call.tx, item_ids(chains))
    points = value_points(call.tx, chains)
    claimed = claimed_steps(call.tx, call.viewer.player, chains)
    standing = point_balances(call.tx, call.viewer.player, chains)
    return [
        _reward_chain(call, chain, items, points[chain.chain_id], standing[chain.chain_id], claimed) for chain in chains
    ]


def _reward_chain(
    call: PlayerCall, chain: Chain, items: Items, point: ValuePoint, standing: PointBalance, claimed: Collection[int]
) -> responses.RewardChain:
    return responses.RewardChain(
        reward_chain_id=chain.chain_id,
        name=call.name(chain.name),
        description=call.text(chain.description),
        long_description=call.text(chain.long_description),
        image_url=call.absolute_url(chain.image_url),
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        clan_type=chain.clan_type,
        top_contributors=_contributors(standing),
        value_point=_value_point(call, point, standing),
        steps=[_reward_step(call, step, items, step.step_id in claimed) for step in chain.steps],
        recurrent_schedule=reset_schedule(chain, call.tx.now),
        popup_header=chain.popup_header,
        popup_instruction=chain.popup_instruction,
        popup_image_url=call.absolute_url(chain.popup_image_url),
    )


def _reward_step(call: PlayerCall, step: Step, items: Items, is_claimed: bool) -> responses.RewardStep:
    return responses.RewardStep(
        step_id=step.step_id,
        name=call.name(step.name),
        is_claimed=is_claimed,
        image_url=call.absolute_url(step.image_url),
        price=responses.PointsPrice(step.points_needed),
        reward=[
            reward_item(call, items[reward.item_id], reward.quantity)
            for reward in step.items_for(call.viewer.attributes)
        ],
    )


def _value_point(call: PlayerCall, point: ValuePoint, standing: PointBalance) -> responses.ValuePointAmount:
    return responses.ValuePointAmount(
        sku=point.sku,
        name=call.name(point.name),
        image_url=call.absolute_url(point.image_url) or "",
        description=call.text(point.description),
        long_description=call.text(point.long_description),
        amount=standing.amount,
        is_clan=point.is_clan,
    )


def _contributors(standing: PointBalance) -> list[responses.Contributor]:
    return [responses.Contributor(one.name, one.amount) for one in standing.contributions[:MOST_CONTRIBUTORS]]
