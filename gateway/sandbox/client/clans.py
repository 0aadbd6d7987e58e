"""The clan update call (client contract, 3)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.clans import update_clan
from gateway.sandbox.client import responses as answers
from gateway.sandbox.client.player_calls import Reception, Visit
from gateway.sandbox.client.reward_chains import reward_item
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import StepItem
from gateway.sandbox.storage.items import Item, load_items


class ClanCalls:
    """Update the player's membership."""

    def __init__(self, reception: Reception) -> None:
        """Take what lets calls in."""
        self._reception = reception

    def routes(self) -> list[Route]:
        """Name the call's path, below the project."""
        return [Route("/user/clan/update", self.update, methods=["PUT"], name="user-clan-update")]

    async def update(self, request: Request) -> Response:
        """Move the player to the clan of his attributes, and answer what the former one still gave."""
        with self._reception.write(request) as visit:
            rewards = update_clan(visit.tx, visit.signed_in())
            items = load_items(visit.tx, [reward.item_id for reward in rewards])
            answer = answers.ClanUpdate([_reward(visit, reward, items[reward.item_id]) for reward in rewards])
        return JsonResponse(answer)


def _reward(visit: Visit, reward: StepItem, item: Item) -> answers.RewardItem:
    described = reward_item(visit, item, reward.quantity)
    if item.bundle_type is None:
        return described
    return msgspec.structs.replace(described, bundle_type=item.bundle_type)
