"""The clan update call (client contract, 3)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.clans import update_clan
from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.player_calls import PlayerCall, PlayerCalls
from gateway.sandbox.client.reward_chains import reward_item
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import StepItem
from gateway.sandbox.storage.items import Item, load_items


class ClanCalls:
    """Update the player's membership."""

    def __init__(self, player_calls: PlayerCalls) -> None:
        """Take what authenticates the calls."""
        self._player_calls = player_calls

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
        return [Route("/user/clan/update", self.update, methods=["PUT"], name="user-clan-update")]

    async def update(self, request: Request) -> Response:
        """Move the player to the clan of their attributes, and return the rewards of the former clan."""
        with self._player_calls.write(request) as call:
            rewards = update_clan(call.tx, call.require_player())
            items = load_items(call.tx, [reward.item_id for reward in rewards])
            response = responses.ClanUpdate([_reward(call, reward, items[reward.item_id]) for reward in rewards])
        return JsonResponse(response)


def _reward(call: PlayerCall, reward: StepItem, item: Item) -> responses.RewardItem:
    described = reward_item(call, item, reward.quantity)
    if item.bundle_type is None:
        return described
    return msgspec.structs.replace(described, bundle_type=item.bundle_type)
