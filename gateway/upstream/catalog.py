"""The catalog's calls: their addresses, their bodies, and their pages as models (client contract, 5.5 and 5.6)."""

from urllib.parse import urlencode

import msgspec

from gateway.domain.catalog import CatalogItem, ItemOrder
from gateway.upstream.decode import Page, WholePage, decode_one, page
from gateway.upstream.lenient import Report, unreported

_decode = msgspec.json.Decoder(WholePage[CatalogItem]).decode


class _OrderBody(msgspec.Struct, omit_defaults=True):
    quantity: int = 1
    sandbox: bool = False
    locale: str | None = None


def path(locale: str | None, country: str | None) -> str:
    """The address of the list, for a language and a country. The places of items are told only to those who ask."""
    query = {"additional_fields[]": "order", "locale": locale, "country": country}
    return f"/items?{urlencode({name: value for name, value in query.items() if value})}"


def items(body: bytes, report: Report = unreported) -> Page[CatalogItem]:
    """Decode a page of items. Raises UpstreamInvalid when it is not a page at all."""
    return page(body, _page, CatalogItem, report)


def item(body: bytes, report: Report = unreported) -> CatalogItem:
    """Decode one item. Raises UpstreamInvalid."""
    return decode_one(body, CatalogItem, report)


def position(item: CatalogItem) -> tuple[int, str]:
    """The place of an item in the store, and what tells it from others."""
    return item.order, item.sku


def order_request(order: ItemOrder) -> tuple[str, bytes]:
    """The address and the body of an order; what the body leaves out has the vendor's default."""
    body = _OrderBody(order.quantity, order.sandbox, order.locale)
    return f"/payment/item/{order.sku}", msgspec.json.encode(body)


def _page(body: bytes) -> Page[CatalogItem]:
    raw = _decode(body)
    return Page(raw.items, len(raw.items), bool(raw.has_more), raw.total_items_count)
