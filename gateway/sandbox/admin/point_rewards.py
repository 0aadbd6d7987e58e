"""How many of a value point an item gives when it is bought: list, set, change and delete (admin contract, 4.3)."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, absolute_url, no_content, origin
from gateway.sandbox.domain.fields import Points, Sku
from gateway.sandbox.domain.languages import Texts
from gateway.sandbox.errors import DetailsFormat, NotFoundError, RefusedError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.item_writes import change_item_points, set_item_points
from gateway.sandbox.storage.items import read_texts
from gateway.sandbox.storage.publisher_items import ItemKind, PublisherItem, find_publisher_item, publisher_items_by_sku


class RewardBody(msgspec.Struct, frozen=True):
    """An item with the points it gives; 0 means none, which the contract says only of PATCH."""

    sku: Sku
    amount: Points


class RewardResponse(msgspec.Struct, frozen=True):
    """An item that gives points."""

    item_id: int
    sku: str
    name: Texts | None
    image_url: str
    amount: int


class RewardList(msgspec.Struct, frozen=True):
    """All items that give a value point; the list has no pages."""

    items: list[RewardResponse]


_decode_all = msgspec.json.Decoder(tuple[RewardBody, ...]).decode
_decode_some = msgspec.json.Decoder(Annotated[tuple[RewardBody, ...], Meta(max_length=100)]).decode
_GIVERS = """
    SELECT items.item_id, sku, name, image_url, amount FROM item_points JOIN items USING (item_id)
    WHERE value_point_id = :value_point_id ORDER BY sort_order, items.item_id
"""


class PointRewardCalls:
    """The calls for the points that items give."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._calls = AdminCalls(database, DetailsFormat.NONE)

    def routes(self) -> list[Route]:
        """Name the calls' path, below the project's administration."""
        path, noun = "/items/{value_point_sku}/value_points/rewards", "items-value-point-reward"
        return [
            Route(path, self.get, methods=["GET"], name=f"admin-get-{noun}"),
            Route(path, self.replace, methods=["PUT"], name=f"admin-set-{noun}"),
            Route(path, self.change, methods=["PATCH"], name=f"admin-patch-{noun}"),
            Route(path, self.delete, methods=["DELETE"], name=f"admin-delete-{noun}"),
        ]

    async def get(self, request: Request) -> Response:
        """Return the items that give the value point."""
        with self._calls.read() as tx:
            rows = tx.all(_GIVERS, value_point_id=_find(tx, request).item_id)
        return JsonResponse(
            RewardList(
                [
                    RewardResponse(
                        item_id=row["item_id"],
                        sku=row["sku"],
                        name=read_texts(row["name"]),
                        image_url=absolute_url(origin(request), row["image_url"]) or "",
                        amount=row["amount"],
                    )
                    for row in rows
                ]
            )
        )

    async def replace(self, request: Request) -> Response:
        """Replace the list of items that give the value point."""
        body = await self._calls.body(request, _decode_all)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            point = _find(tx, request)
            amounts = _amounts(tx, project_id, body)
            given = {sku: amount for sku, amount in amounts.items() if amount}
            set_item_points(tx, project_id, point.sku, given)
        return no_content()

    async def change(self, request: Request) -> Response:
        """Set the points of some items, and leave the others as they are."""
        body = await self._calls.body(request, _decode_some)
        project_id = path_id(request, "project_id")
        with self._calls.write() as tx:
            point = _find(tx, request)
            change_item_points(tx, project_id, point.sku, _amounts(tx, project_id, body))
        return no_content()

    async def delete(self, request: Request) -> Response:
        """Remove the value point from all items that give it."""
        with self._calls.write() as tx:
            set_item_points(tx, path_id(request, "project_id"), _find(tx, request).sku, {})
        return no_content()


def _amounts(tx: Transaction, project_id: int, body: tuple[RewardBody, ...]) -> dict[str, int]:
    amounts = {reward.sku: reward.amount for reward in body}
    if len(amounts) < len(body):
        raise RefusedError("There are no duplicates allowed in the array", "")
    known = publisher_items_by_sku(tx, project_id, amounts)
    for sku in amounts:
        if sku not in known or known[sku].kind is ItemKind.VALUE_POINT:
            raise NotFoundError(f"Item with sku = '{sku}' not found")
    return amounts


def _find(tx: Transaction, request: Request) -> PublisherItem:
    sku = request.path_params["value_point_sku"]
    point = find_publisher_item(tx, path_id(request, "project_id"), ItemKind.VALUE_POINT, sku)
    if point is None:
        raise NotFoundError(f"Item with sku = '{sku}' not found")
    return point
