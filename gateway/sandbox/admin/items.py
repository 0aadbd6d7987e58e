"""The calls for one kind of item: list, create, read, replace and delete (admin contract, 5).

Page ceilings of these lists are not documented: like the player's lists they hold 50. `promo_code` is accepted
and changes nothing, because the sandbox has no promotions. Not documented either, and refused here with 422/1102: a
SKU that exists already, a SKU that differs between path and body, unknown content, and the deletion of an item that a
chain or a bundle uses. An unknown SKU in the path is 404/4001 for every kind.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, no_content, origin
from gateway.sandbox.admin.item_requests import ItemBody, new_item
from gateway.sandbox.admin.item_responses import ItemResponse, item_responses
from gateway.sandbox.errors import DetailsFormat, NotFoundError, RefusedError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.item_writes import NewItem, create_item, delete_item, update_item
from gateway.sandbox.storage.publisher_items import (
    ItemKind,
    PublisherItem,
    find_publisher_item,
    group_name,
    is_used,
    list_publisher_items,
    publisher_items_by_sku,
)

LARGEST_PAGE = 50
DEEPEST_CONTENT = 2
"""A bundle may hold bundles and packages, and those may hold only plain items; the limit is ours."""

_DEPTH = """
    WITH RECURSIVE nested (item_id, depth) AS (
        SELECT bundle_contents.item_id, 1
        FROM bundle_contents JOIN items ON items.item_id = bundle_id WHERE project_id = :project_id
        UNION
        SELECT bundle_contents.item_id, depth + 1
        FROM nested JOIN bundle_contents ON bundle_id = nested.item_id WHERE depth <= :deepest
    )
    SELECT coalesce(max(depth), 0) AS depth FROM nested
"""


class ItemList(msgspec.Struct, frozen=True):
    """A page of items; unlike pages of chains it does not say whether there are more."""

    items: list[ItemResponse]


class Created(msgspec.Struct, frozen=True):
    """Response to the creation of an item."""

    sku: str


@dataclass(frozen=True)
class ItemResource:
    """One kind of item: the path of its calls, their operation ids and how their bodies are decoded."""

    kind: ItemKind
    path: str
    sku: str
    noun: str
    list_name: str
    decode_new: Callable[[bytes], ItemBody]
    decode_update: Callable[[bytes], ItemBody]


class ItemCalls:
    """The calls for items of one kind."""

    def __init__(self, database: Database, resource: ItemResource) -> None:
        """Take the database and the kind of item."""
        self._calls = AdminCalls(database, DetailsFormat.LIST)
        self._resource = resource

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        resource = self._resource
        one = f"{resource.path}/sku/{{{resource.sku}}}"
        return [
            Route(resource.path, self.list_items, methods=["GET"], name=resource.list_name),
            Route(resource.path, self.create, methods=["POST"], name=f"admin-create-{resource.noun}"),
            Route(one, self.get, methods=["GET"], name=f"admin-get-{resource.noun}"),
            Route(one, self.update, methods=["PUT"], name=f"admin-update-{resource.noun}"),
            Route(one, self.delete, methods=["DELETE"], name=f"admin-delete-{resource.noun}"),
        ]

    def group_routes(self, by_external_id: str, by_id: str) -> list[Route]:
        """List the routes that list a group's items, relative to the project's Admin path."""
        path = self._resource.path + "/group"
        return [
            Route(path + "/external_id/{external_id}", self.list_group_named, methods=["GET"], name=by_external_id),
            Route(path + "/id/{group_id}", self.list_group, methods=["GET"], name=by_id),
        ]

    async def list_items(self, request: Request) -> Response:
        """Return a page of the items."""
        with self._calls.read() as tx:
            return self._page(tx, request, None)

    async def list_group_named(self, request: Request) -> Response:
        """Return a page of a group's items; `all` means every item, and an unknown group has none."""
        external_id = request.path_params["external_id"]
        with self._calls.read() as tx:
            return self._page(tx, request, None if external_id == "all" else external_id)

    async def list_group(self, request: Request) -> Response:
        """Return a page of the items of a group, by its number; an unknown group has none."""
        with self._calls.read() as tx:
            name = group_name(tx, path_id(request, "project_id"), path_id(request, "group_id"))
            return JsonResponse(ItemList([])) if name is None else self._page(tx, request, name)

    async def create(self, request: Request) -> Response:
        """Add an item."""
        body = await self._calls.body(request, self._resource.decode_new)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            new = new_item(body, self._resource.kind, tx.now)
            if publisher_items_by_sku(tx, project_id, [new.sku]):
                raise RefusedError(f"Item with sku = '{new.sku}' already exists", "sku")
            _check_references(tx, project_id, new, self._resource.kind)
            create_item(tx, project_id, new)
            check_depth(tx, project_id)
        return JsonResponse(Created(new.sku), 201)

    async def get(self, request: Request) -> Response:
        """Return one item."""
        project_id = path_id(request, "project_id")
        with self._calls.read() as tx:
            (response,) = item_responses(tx, project_id, origin(request), [self.find(tx, request)])
        return JsonResponse(response)

    async def update(self, request: Request) -> Response:
        """Replace an item; what the body leaves out is lost."""
        body = await self._calls.body(request, self._resource.decode_update)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            item = self.find(tx, request)
            if body.sku != item.sku:
                raise RefusedError("The SKU of an item cannot be changed", "sku")
            new = new_item(body, self._resource.kind, tx.now)
            _check_references(tx, project_id, new, self._resource.kind)
            update_item(tx, project_id, item.item_id, new)
            check_depth(tx, project_id)
        return no_content()

    async def delete(self, request: Request) -> Response:
        """Delete an item that nothing uses."""
        with self._calls.write() as tx:
            item = self.find(tx, request)
            if is_used(tx, item):
                raise RefusedError(f"Item with sku = '{item.sku}' is used by a chain or a bundle", "sku")
            delete_item(tx, item.item_id)
        return no_content()

    def find(self, tx: Transaction, request: Request) -> PublisherItem:
        """Find the item that the path names; raises NotFoundError."""
        project_id, sku = path_id(request, "project_id"), request.path_params[self._resource.sku]
        item = find_publisher_item(tx, project_id, self._resource.kind, sku)
        if item is None:
            raise NotFoundError(f"Item with Project Id = {project_id} and Sku = {sku} not found")
        return item

    def _page(self, tx: Transaction, request: Request, group: str | None) -> Response:
        project_id, window = path_id(request, "project_id"), page_window(request, LARGEST_PAGE)
        items = list_publisher_items(tx, project_id, self._resource.kind, window, group)
        return JsonResponse(ItemList(item_responses(tx, project_id, origin(request), items)))


def _check_references(tx: Transaction, project_id: int, new: NewItem, kind: ItemKind) -> None:
    named = publisher_items_by_sku(tx, project_id, [*new.content, *(price.sku for price in new.details.vc_prices)])
    if new.sku in new.content:
        raise RefusedError("A bundle cannot contain itself", "content")
    for sku in new.content:
        inside = named[sku].kind if sku in named else None
        if inside in (None, ItemKind.VALUE_POINT) or (kind is ItemKind.PACKAGE and inside is not ItemKind.CURRENCY):
            raise RefusedError(f"Item with sku = '{sku}' not found", "content")
    for price in new.details.vc_prices:
        if price.sku not in named or named[price.sku].kind is not ItemKind.CURRENCY:
            raise RefusedError(f"Item with sku = '{price.sku}' not found", "vc_prices")


def check_depth(tx: Transaction, project_id: int) -> None:
    """Check that no bundle of a project holds itself, or is nested too deep. Raises RefusedError."""
    (row,) = tx.all(_DEPTH, project_id=project_id, deepest=DEEPEST_CONTENT)
    if row["depth"] > DEEPEST_CONTENT:
        raise RefusedError("Bundles cannot contain themselves, nor be nested any deeper", "content")
