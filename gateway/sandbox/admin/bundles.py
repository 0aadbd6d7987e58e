"""Bundles (admin contract, 5.2)."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.admin.admin_calls import AdminCalls, no_content
from gateway.sandbox.admin.item_requests import BundleBody, BundleUpdateBody
from gateway.sandbox.admin.items import ItemCalls, ItemResource
from gateway.sandbox.errors import DetailsFormat, MissingContentError
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.item_writes import set_item_shown
from gateway.sandbox.storage.publisher_items import ItemKind

_decode_update = msgspec.json.Decoder(BundleUpdateBody).decode


def _decode_complete(body: bytes) -> BundleUpdateBody:
    bundle = _decode_update(body)
    if not bundle.content:
        raise MissingContentError(property="content")
    return bundle


BUNDLES = ItemResource(
    kind=ItemKind.BUNDLE,
    path="/items/bundle",
    sku="sku",
    noun="bundle",
    list_name="admin-get-bundle-list",
    decode_new=msgspec.json.Decoder(BundleBody).decode,
    decode_update=_decode_complete,
)


class BundleCalls:
    """The calls that every kind of item has, and those that show and hide a bundle."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._catalog = ItemCalls(database, BUNDLES)
        self._calls = AdminCalls(database, DetailsFormat.LIST)

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's Admin path."""
        one = "/items/bundle/sku/{sku}"
        return [
            *self._catalog.routes(),
            *self._catalog.group_routes(
                by_external_id="admin-get-bundle-list-in-group-by-external-id",
                by_id="admin-get-bundle-list-in-group-by-id",
            ),
            Route(one + "/show", self.show, methods=["PUT"], name="admin-show-bundle"),
            Route(one + "/hide", self.hide, methods=["PUT"], name="admin-hide-bundle"),
        ]

    async def show(self, request: Request) -> Response:
        """Show the bundle in the store."""
        return self._set_shown(request, True)

    async def hide(self, request: Request) -> Response:
        """Hide the bundle in the store; chains still grant it."""
        return self._set_shown(request, False)

    def _set_shown(self, request: Request, is_shown: bool) -> Response:
        with self._calls.write() as tx:
            set_item_shown(tx, self._catalog.find(tx, request).item_id, is_shown)
        return no_content()
