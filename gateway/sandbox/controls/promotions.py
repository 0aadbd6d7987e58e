"""Discounts on items of the catalog; the upstream's calls for promotions are not part of the contract."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.domain.item_details import ItemPromotion
from gateway.sandbox.errors import NotFoundError
from gateway.sandbox.http.params import path_id
from gateway.sandbox.http.request_body import read_json
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.item_writes import set_item_promotion


class PromotionBody(msgspec.Struct, frozen=True):
    """A discount in percent for so many seconds from now on."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    percent: Annotated[int, Meta(ge=1, le=99)]
    seconds: Annotated[float, Meta(gt=0, le=10**9)]


class PromotionControls:
    """Puts discounts on items, and takes them off."""

    def __init__(self, database: Database) -> None:
        """Take the database that holds the items."""
        self._database = database

    def routes(self) -> list[Route]:
        """List the routes."""
        path = PREFIX + "/projects/{project_id}/items/{sku}/promotion"
        return [Route(path, self.put, methods=["PUT"]), Route(path, self.delete, methods=["DELETE"])]

    async def put(self, request: Request) -> Response:
        """Put a discount on an item: `{"name": "…", "percent": 25, "seconds": 3600}`."""
        body = await read_json(request, PromotionBody)
        with self._database.write() as tx:
            _set(tx, request, ItemPromotion(body.name, body.percent, tx.now, tx.now + body.seconds))
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """Take the discount off an item."""
        with self._database.write() as tx:
            _set(tx, request, None)
        return Response(status_code=204)


def _set(tx: Transaction, request: Request, promotion: ItemPromotion | None) -> None:
    sku = request.path_params["sku"]
    try:
        set_item_promotion(tx, path_id(request, "project_id"), sku, promotion)
    except LookupError:
        raise NotFoundError(f"Item with sku = '{sku}' not found") from None
