"""Daily chains: list, create, read, replace, toggle, delete and reset (admin contract, 9).

Of these calls only some are published. The rest is read by analogy with the other kinds of chains: paths, 201 with
`daily_chain_id`, pages of ten, 404/4001, refusals as those of offer chains, and a list without steps.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, absolute_url, no_content, origin
from gateway.sandbox.admin.chain_calls import ChainCalls, ChainPage
from gateway.sandbox.admin.daily_chain_requests import (
    ChainBody,
    ChainUpdateBody,
    changed_daily_chain,
    new_daily_chain,
)
from gateway.sandbox.domain.daily_rounds import DailyType
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.errors import ActiveChainError, DetailsFormat, RefusedError
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chain_writes import reset_chain
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, item_ids
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.items import Items, load_items


class ItemResponse(msgspec.Struct, frozen=True):
    """An item of a step."""

    item_id: int
    sku: str
    name: Texts | None
    type: str
    description: Texts | None
    image_url: str | None
    quantity: int


class StepResponse(msgspec.Struct, frozen=True):
    """A step."""

    step_id: int
    step_number: int
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
    is_recurrent: bool
    type: str
    number_of_steps: int
    steps: list[StepResponse] | msgspec.UnsetType = msgspec.UNSET


class Created(msgspec.Struct, frozen=True):
    """Response to the creation of a chain."""

    daily_chain_id: int


_decode_new = msgspec.json.Decoder(ChainBody).decode
_decode_update = msgspec.json.Decoder(ChainUpdateBody).decode


class DailyChainCalls:
    """The calls for daily chains."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.OBJECT)
        self._chains = ChainCalls(self._calls, ChainKind.DAILY)

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        path = "/daily_chain"
        one = path + "/id/{daily_chain_id}"
        return [
            Route(path, self.list_chains, methods=["GET"], name="admin-get-daily-chains"),
            Route(path, self.create, methods=["POST"], name="admin-create-daily-chain"),
            Route(one, self.get, methods=["GET"], name="admin-get-daily-chain"),
            Route(one, self.update, methods=["PUT"], name="admin-update-daily-chain"),
            Route(one, self._chains.delete, methods=["DELETE"], name="admin-delete-daily-chain"),
            Route(one + "/toggle", self._chains.toggle, methods=["PUT"], name="admin-toggle-daily-chain"),
            Route(one + "/reset", self.reset, methods=["POST"], name="admin-reset-daily-chain"),
        ]

    async def list_chains(self, request: Request) -> Response:
        """Return a page of the chains."""
        with self._calls.read() as tx:
            chains, has_more = self._chains.page(tx, request)
        return JsonResponse(ChainPage(has_more, [_response(chain) for chain in chains]))

    async def create(self, request: Request) -> Response:
        """Add a chain."""
        body = await self._calls.body(request, _decode_new)
        with self._calls.write() as tx:
            chain_id = self._chains.add(tx, request, new_daily_chain(body))
        return JsonResponse(Created(chain_id), 201)

    async def get(self, request: Request) -> Response:
        """Return one chain with its steps."""
        with self._calls.read() as tx:
            chain = self._chains.find(tx, request)
            items = load_items(tx, item_ids([chain]))
        steps = [_step(step, items, origin(request)) for step in chain.steps]
        return JsonResponse(msgspec.structs.replace(_response(chain), steps=steps))

    async def update(self, request: Request) -> Response:
        """Replace a chain that is switched off."""
        body = await self._calls.body(request, _decode_update)
        with self._calls.write() as tx:
            chain = self._chains.find(tx, request)
            if chain.is_enabled:
                raise ActiveChainError
            self._chains.replace(tx, request, chain, changed_daily_chain(body, chain))
        return no_content()

    async def reset(self, request: Request) -> Response:
        """Delete all players' progress in a chain that counts days in a row; of the others it is refused."""
        with self._calls.write() as tx:
            chain = self._chains.find(tx, request)
            if chain.daily_type != DailyType.ROLLING:
                raise RefusedError("Only a daily chain of type rolling can be reset")
            reset_chain(tx, chain)
        return no_content()


def _response(chain: Chain) -> ChainResponse:
    return ChainResponse(
        id=chain.chain_id,
        name=chain.name,
        description=chain.description,
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        is_enabled=chain.is_enabled,
        is_recurrent=chain.is_recurrent,
        type=chain.daily_type or "",
        number_of_steps=len(chain.steps),
    )


def _step(step: Step, items: Items, request_origin: str) -> StepResponse:
    return StepResponse(
        step_id=step.step_id,
        step_number=step.step_number,
        items=[
            ItemResponse(
                item_id=item.item_id,
                sku=item.sku,
                name=item.name,
                type=item.type,
                description=item.description,
                image_url=absolute_url(request_origin, item.image_url),
                quantity=part.quantity,
            )
            for part, item in ((part, items[part.item_id]) for part in step.items)
        ],
    )
