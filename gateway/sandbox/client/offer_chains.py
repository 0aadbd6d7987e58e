"""Offer chain calls (client contract, 1)."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.offer_steps import claim_offer_step, order_offer_step
from gateway.sandbox.client import responses as responses
from gateway.sandbox.client.chain_items import chain_item
from gateway.sandbox.client.player_calls import PlayerCall, PlayerCalls
from gateway.sandbox.client.schedules import reset_schedule
from gateway.sandbox.domain.payment_tokens import PaymentTokens
from gateway.sandbox.domain.rules import is_step_free, next_step_id
from gateway.sandbox.errors import DetailedNotFoundError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, active_chains, find_chain, item_ids, with_steps
from gateway.sandbox.storage.items import Item, Items, load_items
from gateway.sandbox.storage.points import purchase_points
from gateway.sandbox.storage.step_claims import claimed_steps

LARGEST_PAGE = 30


class OfferChainCalls:
    """Lists and reads chains, claims and orders their steps."""

    def __init__(self, player_calls: PlayerCalls, payment_tokens: PaymentTokens) -> None:
        """Take what authenticates the calls and what makes payment tokens."""
        self._player_calls = player_calls
        self._payment_tokens = payment_tokens

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
        chain = "/user/offer_chain/{offer_chain_id}"
        step = chain + "/step/number/{step_number}"
        return [
            Route("/user/offer_chain", self.list_chains, methods=["GET"], name="get-offer-chains-list"),
            Route(chain, self.get_chain, methods=["GET"], name="get-user-offer-chain-by-id"),
            Route(step + "/claim", self.claim_step, methods=["POST"], name="claim-user-offer-chain-step-reward"),
            Route(step + "/order", self.order_step, methods=["POST"], name="order-user-offer-chain-step-reward"),
        ]

    async def list_chains(self, request: Request) -> Response:
        """Return a page of the active chains."""
        window = page_window(request, LARGEST_PAGE)
        with self._player_calls.read(request) as call:
            chains = active_chains(call.tx, call.viewer, ChainKind.OFFER)
            shown = _responses(call, with_steps(call.tx, chains[window]))
        return JsonResponse(responses.Page(shown, has_more=len(chains) > window.stop, total_items_count=len(chains)))

    async def get_chain(self, request: Request) -> Response:
        """Return one enabled chain, inside or outside its dates."""
        with self._player_calls.read(request) as call:
            chain = find_chain(call.tx, call.viewer, ChainKind.OFFER, path_id(request, "offer_chain_id"))
            if chain is None:
                raise DetailedNotFoundError("Offer chain not found")
            (response,) = _responses(call, [chain])
        return JsonResponse(response)

    async def claim_step(self, request: Request) -> Response:
        """Claim a free step."""
        with self._player_calls.write(request) as call:
            chain_id, step_number = path_id(request, "offer_chain_id"), path_id(request, "step_number")
            order = claim_offer_step(call.tx, call.require_player(), chain_id, step_number)
        return JsonResponse(responses.ClaimedStep(order.order_id))

    async def order_step(self, request: Request) -> Response:
        """Order a paid step."""
        with self._player_calls.write(request) as call:
            chain_id, step_number = path_id(request, "offer_chain_id"), path_id(request, "step_number")
            token = self._payment_tokens.make()
            order = order_offer_step(call.tx, call.require_player(), chain_id, step_number, token)
        return JsonResponse(responses.OrderedStep(order.order_id, token))


def _responses(call: PlayerCall, chains: list[Chain]) -> list[responses.OfferChain]:
    items = load_items(call.tx, item_ids(chains))
    claimed = claimed_steps(call.tx, call.viewer.player, chains)
    return [_offer_chain(call, chain, items, claimed) for chain in chains]


def _offer_chain(call: PlayerCall, chain: Chain, items: Items, claimed: Collection[int]) -> responses.OfferChain:
    next_id = next_step_id((step.step_id for step in chain.steps), claimed)
    return responses.OfferChain(
        id=chain.chain_id,
        name=call.name(chain.name),
        description=call.text(chain.description),
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        steps=[_offer_step(call, step, items, step.step_id in claimed) for step in chain.steps],
        recurrent_schedule=reset_schedule(chain, call.tx.now),
        next_step_number=next((step.step_number for step in chain.steps if step.step_id == next_id), None),
    )


def _offer_step(call: PlayerCall, step: Step, items: Items, is_claimed: bool) -> responses.OfferStep:
    part = step.items[0]
    item = items[part.item_id]
    is_free = is_step_free(step.is_free, item.is_free)
    price = None if is_free else item.price
    return responses.OfferStep(
        step_number=step.step_number,
        is_free=is_free,
        is_claimed=is_claimed,
        step_price=responses.StepPrice(price.amount, price.currency) if price else None,
        items=[chain_item(call, one, items, one.order) for one in step.items],
        # Only purchases in real money give points, so a free step shows none.
        step_vp_rewards=step_points(call, item, part.quantity) if price else [],
        step_loyalty_rewards=_loyalty_points(call, item, part.quantity) if price else [],
    )


def step_points(call: PlayerCall, item: Item, quantity: int) -> list[responses.StepPoints]:
    """Describe the value points that so many units of an item give when they are bought."""
    return [
        responses.StepPoints(
            item_id=point.item_id,
            sku=point.sku,
            name=call.name(point.name),
            amount=point.amount,
            image_url=call.absolute_url(point.image_url) or "",
            is_clan=point.is_clan,
        )
        for point in purchase_points(item, quantity)
    ]


def _loyalty_points(call: PlayerCall, item: Item, quantity: int) -> list[responses.StepLoyaltyPoints]:
    return [
        responses.StepLoyaltyPoints(
            sku=points.sku,
            name=call.name(points.name),
            amount=points.amount * quantity,
            image_url=call.absolute_url(points.image_url),
        )
        for points in item.details.loyalty_points
    ]
