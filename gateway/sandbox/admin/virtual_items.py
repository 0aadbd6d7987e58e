"""Virtual items, virtual currencies and currency packages (admin contract, 5.1)."""

import msgspec
from starlette.routing import Route

from gateway.sandbox.admin.item_requests import CurrencyBody, GoodBody, GoodUpdateBody, PackageBody
from gateway.sandbox.admin.items import ItemCalls, ItemResource
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.publisher_items import ItemKind

_decode_currency = msgspec.json.Decoder(CurrencyBody).decode
_decode_package = msgspec.json.Decoder(PackageBody).decode

GOODS = ItemResource(
    kind=ItemKind.GOOD,
    path="/items/virtual_items",
    sku="item_sku",
    noun="virtual-item",
    list_name="admin-get-virtual-items-list",
    decode_new=msgspec.json.Decoder(GoodBody).decode,
    decode_update=msgspec.json.Decoder(GoodUpdateBody).decode,
)
CURRENCIES = ItemResource(
    kind=ItemKind.CURRENCY,
    path="/items/virtual_currency",
    sku="virtual_currency_sku",
    noun="virtual-currency",
    list_name="admin-get-virtual-currencies-list",
    decode_new=_decode_currency,
    decode_update=_decode_currency,
)
PACKAGES = ItemResource(
    kind=ItemKind.PACKAGE,
    path="/items/virtual_currency/package",
    sku="item_sku",
    noun="virtual-currency-package",
    list_name="admin-get-virtual-currency-packages-list",
    decode_new=_decode_package,
    decode_update=_decode_package,
)


def virtual_item_routes(database: Database) -> list[Route]:
    """List the routes of all three kinds, relative to the project's Admin path."""
    goods = ItemCalls(database, GOODS)
    return [
        *goods.routes(),
        *goods.group_routes(
            by_external_id="admin-get-virtual-items-list-by-group-external-id",
            by_id="admin-get-virtual-items-list-by-group-id",
        ),
        *ItemCalls(database, CURRENCIES).routes(),
        *ItemCalls(database, PACKAGES).routes(),
    ]
