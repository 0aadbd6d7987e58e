"""Reward chains: list, create, read, replace, toggle, delete and reset (admin contract, 4.4 to 4.6).

The same calls are under v2 and v3; the bodies of v3 are not documented, so they are those of v2. An unknown chain is
404/4001 for every call, though the contract says so of reading and updating only.
"""

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, absolute_url, no_content, origin
from gateway.sandbox.admin.chain_calls import ChainCalls, ChainPage
from gateway.sandbox.admin.reward_chain_requests import (
    ChainBody,
    ChainUpdateBody,
    changed_reward_chain,
    new_reward_chain,
)
from gateway.sandbox.admin.schedules import ScheduleResponse, chain_schedule_response
from gateway.sandbox.admin.value_points import ValuePointResponse, value_point_response
from gateway.sandbox.client.responses import Contributor, PointsPrice
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.domain.visibility import Condition
from gateway.sandbox.errors import DetailsFormat, RefusedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.chain_writes import reset_chain
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, item_ids
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.items import Items, load_items
from gateway.sandbox.storage.points import Contribution, top_contributor
from gateway.sandbox.storage.publisher_items import ItemKind, PublisherItem, find_publisher_item, value_points_of_chains


class RewardResponse(msgspec.Struct, frozen=True):
    """A reward; without conditions every player gets it."""

    sku: str
    quantity: int
    attribute_conditions: tuple[Condition, ...]


class StepResponse(msgspec.Struct, frozen=True):
    """A step."""

    step_id: int
    name: Texts | None
    price: PointsPrice
    image_url: str | None
    reward: list[RewardResponse]


class ChainResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A personal chain or a clan's; lists leave out the last two fields.

    Every chain has the tooltip and the clan type, as live chains were seen to have them.
    """

    reward_chain_id: int
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    image_url: str | None
    order: int
    date_start: str
    date_end: str | None
    is_enabled: bool
    recurrent_schedule: ScheduleResponse | None
    attribute_conditions: tuple[Condition, ...]
    is_always_visible: bool
    popup_header: Texts | None
    popup_instruction: Texts | None
    popup_image_url: str | None
    clan_type: str | None
    value_point: ValuePointResponse
    steps: list[StepResponse] | UnsetType = UNSET
    top_contributors: Contributor | UnsetType | None = UNSET


class Created(msgspec.Struct, frozen=True):
    """Response to the creation of a chain."""

    reward_chain_id: int


_decode_new = msgspec.json.Decoder(ChainBody).decode
_decode_update = msgspec.json.Decoder(ChainUpdateBody).decode


class RewardChainCalls:
    """The calls for reward chains."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.NONE)
        self._chains = ChainCalls(self._calls, ChainKind.REWARD)

    def routes(self, suffix: str = "") -> list[Route]:
        """List the routes, relative to the project's Admin path; the suffix makes their names differ by version."""
        path = "/reward_chain"
        one = path + "/id/{reward_chain_id}"
        calls = [
            ("admin-get-reward-chains", "GET", path, self.list_chains),
            ("admin-create-reward-chain", "POST", path, self.create),
            ("admin-get-reward-chain", "GET", one, self.get),
            ("admin-update-reward-chain", "PUT", one, self.update),
            ("admin-delete-reward-chain", "DELETE", one, self._chains.delete),
            ("admin-toggle-reward-chain", "PUT", one + "/toggle", self._chains.toggle),
            ("admin-reset-reward-chain", "POST", one + "/reset", self.reset),
        ]
        return [Route(at, call, methods=[method], name=name + suffix) for name, method, at, call in calls]

    async def list_chains(self, request: Request) -> Response:
        """Return a page of the chains; the publisher has no points, so their amount is 0."""
        with self._calls.read() as tx:
            chains, has_more = self._chains.page(tx, request)
            points = value_points_of_chains(tx, (chain.chain_id for chain in chains))
            responses = [_response(chain, points[chain.chain_id], origin(request), tx.now) for chain in chains]
        counted = [
            msgspec.structs.replace(response, value_point=msgspec.structs.replace(response.value_point, amount=0))
            for response in responses
        ]
        return JsonResponse(ChainPage(has_more, counted))

    async def create(self, request: Request) -> Response:
        """Add a chain."""
        body = await self._calls.body(request, _decode_new)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            point = find_publisher_item(tx, project_id, ItemKind.VALUE_POINT, body.value_point.sku)
            if point is None:
                raise RefusedError(f"Item with sku = '{body.value_point.sku}' not found", "value_point.sku")
            chain_id = self._chains.add(tx, request, new_reward_chain(body, point.is_clan))
        return JsonResponse(Created(chain_id), 201)

    async def get(self, request: Request) -> Response:
        """Return one chain with its steps and, for a clan chain, the top contributor."""
        with self._calls.read() as tx:
            chain = self._chains.find(tx, request)
            point = value_points_of_chains(tx, [chain.chain_id])[chain.chain_id]
            items = load_items(tx, item_ids([chain]))
            response = _response(chain, point, origin(request), tx.now)
            top = top_contributor(tx, chain)
        steps = [_step(step, items, origin(request)) for step in chain.steps]
        return JsonResponse(msgspec.structs.replace(response, steps=steps, top_contributors=_contributor(top)))

    async def update(self, request: Request) -> Response:
        """Replace a chain, switched on or off."""
        body = await self._calls.body(request, _decode_update)
        with self._calls.write() as tx:
            chain = self._chains.find(tx, request)
            point = value_points_of_chains(tx, [chain.chain_id])[chain.chain_id]
            self._chains.replace(tx, request, chain, changed_reward_chain(body, chain, point.is_clan))
        return no_content()

    async def reset(self, request: Request) -> Response:
        """Delete all players' progress in a chain and their balances of its value point."""
        with self._calls.write() as tx:
            reset_chain(tx, self._chains.find(tx, request))
        return no_content()


def _response(chain: Chain, point: PublisherItem, request_origin: str, now: float) -> ChainResponse:
    return ChainResponse(
        reward_chain_id=chain.chain_id,
        name=chain.name,
        description=chain.description,
        long_description=chain.long_description,
        image_url=absolute_url(request_origin, chain.image_url),
        order=chain.order,
        date_start=chain.date_start,
        date_end=chain.date_end,
        is_enabled=chain.is_enabled,
        recurrent_schedule=chain_schedule_response(chain.schedule, chain.schedule_since, now),
        attribute_conditions=chain.conditions,
        is_always_visible=chain.is_always_visible,
        popup_header=chain.popup_header,
        popup_instruction=chain.popup_instruction,
        popup_image_url=absolute_url(request_origin, chain.popup_image_url),
        clan_type=chain.clan_type,
        value_point=value_point_response(point, request_origin),
    )


def _step(step: Step, items: Items, request_origin: str) -> StepResponse:
    return StepResponse(
        step_id=step.step_id,
        name=step.name,
        price=PointsPrice(step.points_needed),
        image_url=absolute_url(request_origin, step.image_url),
        reward=[RewardResponse(items[part.item_id].sku, part.quantity, part.conditions) for part in step.items],
    )


def _contributor(top: Contribution | None) -> Contributor | None:
    return Contributor(top.name, top.amount) if top else None
