"""Value points: create, list, read, replace and delete (admin contract, 4.2).

Readings where the contract leaves a choice: the body takes no other properties than its own, because live calls were
seen to refuse one (`type` is accepted, because reads return it); `is_clan` left out of an update stays as it is, and
another value is refused; a value point that a chain counts cannot be deleted. Both refusals are 422/1102, as their
numbers are not documented, and an unknown SKU is 404/4001.
"""

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, absolute_url, no_content, origin
from gateway.sandbox.domain.fields import Int32, Localised, Sku
from gateway.sandbox.domain.item_details import ItemDetails, Media
from gateway.sandbox.domain.languages import Texts, normalize_texts
from gateway.sandbox.errors import DetailsFormat, NotFoundError, RefusedError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.item_writes import NewItem, create_item, delete_item, update_item
from gateway.sandbox.storage.publisher_items import (
    ItemKind,
    PublisherItem,
    find_publisher_item,
    is_used,
    list_publisher_items,
    publisher_items_by_sku,
)

LARGEST_PAGE = 50


class ValuePointBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value point."""

    sku: Sku
    name: Localised | None
    description: Localised | None = None
    long_description: Localised | None = None
    image_url: str = ""
    media_list: tuple[Media, ...] = ()
    order: Int32 = 1
    is_enabled: bool = True
    is_clan: bool | UnsetType = UNSET
    type: str | UnsetType = UNSET


class ValuePointResponse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value point; `can_delete` only when it is read by itself, `amount` only in lists of chains."""

    sku: str
    name: Texts | None
    description: Texts | None
    long_description: Texts | None
    type: str
    image_url: str
    media_list: tuple[Media, ...]
    order: int
    is_enabled: bool
    is_clan: bool
    can_delete: bool | UnsetType = UNSET
    amount: int | UnsetType = UNSET


class ValuePointList(msgspec.Struct, frozen=True):
    """A list of value points."""

    items: list[ValuePointResponse]


class Created(msgspec.Struct, frozen=True):
    """Response to the creation of a value point."""

    sku: str
    item_id: int


_decode = msgspec.json.Decoder(ValuePointBody).decode


class ValuePointCalls:
    """The calls for value points themselves."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.NONE)

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        path = "/items/value_points"
        one = path + "/sku/{item_sku}"
        return [
            Route(path, self.list_points, methods=["GET"], name="admin-get-value-points-list"),
            Route(path, self.create, methods=["POST"], name="admin-create-value-points"),
            Route(one, self.get, methods=["GET"], name="admin-get-value-point"),
            Route(one, self.update, methods=["PUT"], name="admin-update-value-point"),
            Route(one, self.delete, methods=["DELETE"], name="admin-delete-value-point"),
        ]

    async def list_points(self, request: Request) -> Response:
        """Return a page of the value points; its ceiling is not documented, here it is 50."""
        with self._calls.read() as tx:
            window = page_window(request, LARGEST_PAGE)
            points = list_publisher_items(tx, path_id(request, "project_id"), ItemKind.VALUE_POINT, window)
        return JsonResponse(ValuePointList([value_point_response(point, origin(request)) for point in points]))

    async def create(self, request: Request) -> Response:
        """Add a value point."""
        body = await self._calls.body(request, _decode)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            if publisher_items_by_sku(tx, project_id, [body.sku]):
                raise RefusedError(f"Item with sku = '{body.sku}' already exists", "sku")
            item_id = create_item(tx, project_id, new_point(body, body.is_clan is True))
        return JsonResponse(Created(body.sku, item_id), 201)

    async def get(self, request: Request) -> Response:
        """Return one value point, and whether it can be deleted."""
        with self._calls.read() as tx:
            point = _find(tx, request)
            response = value_point_response(point, origin(request))
            response = msgspec.structs.replace(response, can_delete=not is_used(tx, point))
        return JsonResponse(response)

    async def update(self, request: Request) -> Response:
        """Replace a value point."""
        body = await self._calls.body(request, _decode)
        with self._calls.write() as tx:
            point = _find(tx, request)
            if body.sku != point.sku:
                raise RefusedError("The SKU of an item cannot be changed", "sku")
            if body.is_clan not in (UNSET, point.is_clan):
                raise RefusedError("The property `is_clan` cannot be changed", "is_clan")
            update_item(tx, path_id(request, "project_id"), point.item_id, new_point(body, point.is_clan))
        return no_content()

    async def delete(self, request: Request) -> Response:
        """Delete a value point that no chain counts, with all that was earned of it."""
        with self._calls.write() as tx:
            point = _find(tx, request)
            if is_used(tx, point):
                raise RefusedError("The value point is used by a reward chain", "sku")
            delete_item(tx, point.item_id)
        return no_content()


def value_point_response(point: PublisherItem, request_origin: str) -> ValuePointResponse:
    """Describe a value point."""
    return ValuePointResponse(
        sku=point.sku,
        name=point.name,
        description=point.description,
        long_description=point.long_description,
        type=point.kind.type,
        image_url=absolute_url(request_origin, point.image_url) or "",
        media_list=point.details.media_list,
        order=point.order,
        is_enabled=point.is_enabled,
        is_clan=point.is_clan,
    )


def _find(tx: Transaction, request: Request) -> PublisherItem:
    project_id, sku = path_id(request, "project_id"), request.path_params["item_sku"]
    point = find_publisher_item(tx, project_id, ItemKind.VALUE_POINT, sku)
    if point is None:
        raise NotFoundError(f"Item with Project Id = {project_id} and Sku = {sku} not found")
    return point


def new_point(body: ValuePointBody, is_clan: bool) -> NewItem:
    """Build a value point. Raises NotFoundError for an unknown language."""
    return NewItem(
        sku=body.sku,
        type=ItemKind.VALUE_POINT.type,
        name=normalize_texts(body.name),
        description=normalize_texts(body.description),
        long_description=normalize_texts(body.long_description),
        image_url=body.image_url or None,
        is_clan=is_clan,
        is_enabled=body.is_enabled,
        order=body.order,
        details=ItemDetails(media_list=body.media_list),
    )
