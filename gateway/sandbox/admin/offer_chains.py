"""Offer chains: list, create, read, replace, toggle and delete (admin contract, 3).

Of the fields that only live responses have, `number_of_steps` and `is_reset_on_completion` are returned.
The number of a 404 is not documented (the published sample is that of another refusal): it is 4001, as for the rest.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, absolute_url, no_content, origin
from gateway.sandbox.admin.chain_calls import ChainCalls, ChainPage
from gateway.sandbox.admin.offer_chain_requests import ChainBody, ChainUpdateBody, changed_offer_chain, new_offer_chain
from gateway.sandbox.admin.schedules import ScheduleResponse, chain_schedule_response
from gateway.sandbox.client.responses import StepPrice
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.rules import is_step_free
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.errors import ActiveChainError, DetailsFormat
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, item_ids
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.items import Items, load_items


class ItemResponse(msgspec.Struct, frozen=True):
    """The item of a step."""

    item_id: int
    sku: str
    type: str
    name: Texts | None
    description: Texts | None
    image_url: str | None
    is_free: bool
    quantity: int
    order: int


class StepResponse(msgspec.Struct, frozen=True):
    """A step; `is_free` is what a player will meet, so it is true as well when the item itself is free."""

    step_id: int
    step_number: int
    is_free: bool
    step_price: StepPrice | None
    items: list[ItemResponse]


class ChainResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chain; in a list without its steps."""

    id: int
    name: Texts | None
    description: Texts | None
    order: int
    date_start: str
    date_end: str | None
    is_enabled: bool
    recurrent_schedule: ScheduleResponse | None
    is_always_visible: bool
    attribute_conditions: tuple[Condition, ...]
    number_of_steps: int
    is_reset_on_completion: bool
    steps: list[StepResponse] | msgspec.UnsetType = msgspec.UNSET


class Created(msgspec.Struct, frozen=True):
    """Response to the creation of a chain."""

    offer_chain_id: int


_decode_new = msgspec.json.Decoder(ChainBody).decode
_decode_update = msgspec.json.Decoder(ChainUpdateBody).decode


class OfferChainCalls:
    """The calls for offer chains."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.OBJECT)
        self._chains = ChainCalls(self._calls, ChainKind.OFFER)

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        path = "/offer_chain"
        one = path + "/id/{offer_chain_id}"
        return [
            Route(path, self.list_chains, methods=["GET"], name="admin-get-offer-chains"),
            Route(path, self.create, methods=["POST"], name="admin-create-offer-chain"),
            Route(one, self.get, methods=["GET"], name="admin-get-offer-chain"),
            Route(one, self.update, methods=["PUT"], name="admin-update-offer-chain"),
            Route(one, self._chains.delete, methods=["DELETE"], name="admin-delete-offer-chain"),
            Route(one + "/toggle", self._chains.toggle, methods=["PUT"], name="admin-toggle-offer-chain"),
        ]

    async def list_chains(self, request: Request) -> Response:
        """Return a page of the chains."""
        with self._calls.read() as tx:
            chains, has_more = self._chains.page(tx, request)
            responses = [_response(chain, tx.now) for chain in chains]
        return JsonResponse(ChainPage(has_more, responses))

    async def create(self, request: Request) -> Response:
        """Add a chain."""
        body = await self._calls.body(request, _decode_new)
        with self._calls.write() as tx:
            chain_id = self._chains.add(tx, request, new_offer_chain(body))
        return JsonResponse(Created(chain_id), 201)

    async def get(self, request: Request) -> Response:
        """Return one chain with its steps."""
        with self._calls.read() as tx:
            chain = self._chains.find(tx, request)
            items = load_items(tx, item_ids([chain]))
            response = _response(chain, tx.now)
        steps = [_step(step, items, origin(request)) for step in chain.steps]
        return JsonResponse(msgspec.structs.replace(response, steps=steps))

    async def update(self, request: Request) -> Response:
        """Replace a chain that is switched off."""
        body = await self._calls.body(request, _decode_update)
        with self._calls.write() as tx:
            chain = self._chains.find(tx, request)
            if chain.is_enabled:
                raise ActiveChainError
            self._chains.replace(tx, request, chain, changed_offer_chain(body, chain))
        return no_content()


def _response(chain: Chain, now: float) -> ChainResponse:
    return ChainResponse(
        id=chain.chain_id,
        name=chain.name,
        description=chain.description,
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        is_enabled=chain.is_enabled,
        recurrent_schedule=chain_schedule_response(chain.schedule, chain.schedule_since, now),
        is_always_visible=chain.is_always_visible,
        attribute_conditions=chain.conditions,
        number_of_steps=len(chain.steps),
        is_reset_on_completion=chain.is_reset_on_completion,
    )


def _step(step: Step, items: Items, request_origin: str) -> StepResponse:
    first = items[step.items[0].item_id]
    is_free = is_step_free(step.is_free, first.is_free)
    price = None if is_free else first.price
    return StepResponse(
        step_id=step.step_id,
        step_number=step.step_number,
        is_free=is_free,
        step_price=StepPrice(price.amount, price.currency) if price else None,
        items=[
            ItemResponse(
                item_id=item.item_id,
                sku=item.sku,
                type=item.type,
                name=item.name,
                description=item.description,
                image_url=absolute_url(request_origin, item.image_url),
                is_free=item.is_free,
                quantity=part.quantity,
                order=part.order,
            )
            for part, item in ((part, items[part.item_id]) for part in step.items)
        ],
    )
