"""The catalog and orders of its items (client contract, 5.5 and 5.6).

A token adds what is the player's: how often they may still buy. `country` chooses prices that a country has of its own.
An order takes no country: without an address that could tell one it costs what the catalog shows without a country.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.actions.item_orders import left_for_all, left_for_player, limit_reset, order_item
from gateway.sandbox.client import catalog_responses as bodies
from gateway.sandbox.client.offer_chains import step_points
from gateway.sandbox.client.orders import order_price
from gateway.sandbox.client.player_calls import PlayerCall, PlayerCalls
from gateway.sandbox.client.responses import OrderedStep, ResetSchedule
from gateway.sandbox.domain.fields import Quantity
from gateway.sandbox.domain.languages import LANGUAGES
from gateway.sandbox.domain.payment_tokens import PaymentTokens
from gateway.sandbox.errors import FreeItemError, ItemNotFoundError, RefusedError
from gateway.sandbox.http.params import page_window
from gateway.sandbox.http.request_body import LARGEST_BODY, read_limited
from gateway.sandbox.http.responses import JsonResponse
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.items import Item, Items, catalog_item_ids, find_item_id, load_items

LARGEST_PAGE = 50


class ItemOrderBody(msgspec.Struct, frozen=True):
    """What an order may say; only the quantity changes anything here."""

    quantity: Quantity = 1
    sandbox: bool = False
    currency: str | None = None
    locale: str | None = None
    promo_code: str | None = None
    # Any: the look of the payment page and the game's own JSON, which the sandbox never reads.
    settings: dict[str, Any] = {}
    custom_parameters: dict[str, Any] = {}


class CatalogCalls:
    """Lists and reads what the store sells, and orders one item."""

    def __init__(self, player_calls: PlayerCalls, payment_tokens: PaymentTokens) -> None:
        """Take what authenticates the calls and what makes payment tokens."""
        self._player_calls = player_calls
        self._payment_tokens = payment_tokens

    def routes(self) -> list[Route]:
        """List the routes, relative to the project's path."""
        return [
            Route("/items", self.list_items, methods=["GET"], name="get-sellable-items"),
            Route("/items/sku/{sku}", self.get_item, methods=["GET"], name="get-sellable-item-by-sku"),
            Route("/payment/item/{item_sku}", self.order_item, methods=["POST"], name="create-order-with-item"),
        ]

    async def list_items(self, request: Request) -> Response:
        """Return a page of the items."""
        window = page_window(request, LARGEST_PAGE)
        with self._player_calls.read(request) as call:
            item_ids = catalog_item_ids(call.tx, call.viewer.project_id)
            shown = _responses(call, request, item_ids[window])
        return JsonResponse(bodies.CatalogPage(len(item_ids) > window.stop, shown))

    async def get_item(self, request: Request) -> Response:
        """Return one item that the store sells."""
        sku = request.path_params["sku"]
        with self._player_calls.read(request) as call:
            item_id = find_item_id(call.tx, call.viewer.project_id, sku)
            if item_id not in catalog_item_ids(call.tx, call.viewer.project_id):
                raise ItemNotFoundError(sku)
            (shown,) = _responses(call, request, [item_id])
        return JsonResponse(shown)

    async def order_item(self, request: Request) -> Response:
        """Order an item."""
        body = await _order_body(request)
        with self._player_calls.write(request) as call:
            token = self._payment_tokens.make()
            order = order_item(call.tx, call.require_player(), request.path_params["item_sku"], body.quantity, token)
            if order.price is None:
                # Raised here, where it undoes the order: the sandbox's own call grants free items.
                raise FreeItemError
        return JsonResponse(OrderedStep(order.order_id, token))


async def _order_body(request: Request) -> ItemOrderBody:
    """Read the body, which may be left out."""
    body = await read_limited(request, LARGEST_BODY)
    if body is None:
        raise RefusedError(f"The body is larger than {LARGEST_BODY} bytes")
    try:
        return msgspec.json.decode(body or b"{}", type=ItemOrderBody)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(str(error)) from error


def _responses(call: PlayerCall, request: Request, item_ids: list[int]) -> list[bodies.CatalogItem]:
    locale = request.query_params.get("locale", "")
    if locale in LANGUAGES:
        call = call.in_language(locale)
    items = load_items(call.tx, item_ids)
    prices = {price.sku for item_id in item_ids for price in items[item_id].details.vc_prices}
    project_id = call.viewer.project_id
    currency_ids = {sku: item_id for sku in prices if (item_id := find_item_id(call.tx, project_id, sku)) is not None}
    currencies = load_items(call.tx, currency_ids.values())
    by_sku = {sku: currencies[item_id] for sku, item_id in currency_ids.items()}
    country = request.query_params.get("country")
    shows_order = "order" in request.query_params.getlist("additional_fields[]")
    return [_item(call, items[item_id], items, by_sku, country, shows_order) for item_id in item_ids]


def _item(
    call: PlayerCall, item: Item, items: Items, currencies: dict[str, Item], country: str | None, shows_order: bool
) -> bodies.CatalogItem:
    price, details = item.catalog_price(call.tx.now, country), item.details
    limits = _limits(call, item)
    is_left = limits is None or all(one is None or one.available > 0 for one in (limits.per_user, limits.per_item))
    return bodies.CatalogItem(
        item_id=item.item_id,
        sku=item.sku,
        type=item.type,
        name=call.name(item.name),
        description=call.text(item.description),
        image_url=call.absolute_url(item.image_url),
        price=None if price is None else order_price(price),
        virtual_prices=_virtual_prices(call, item, currencies),
        can_be_bought=is_left,
        promotions=_promotions(call, item),
        attributes=details.attributes,
        is_free=item.is_free,
        groups=[bodies.Group(group, group) for group in details.groups],
        inventory_options=details.inventory_options,
        limits=limits,
        vp_rewards=step_points(call, item, 1),
        bundle_type=item.bundle_type or msgspec.UNSET,
        content=_content(call, item, items) if item.bundle_type else msgspec.UNSET,
        order=item.order if shows_order else msgspec.UNSET,
    )


def _virtual_prices(call: PlayerCall, item: Item, currencies: dict[str, Item]) -> list[bodies.VirtualPrice]:
    return [
        bodies.VirtualPrice(
            item_id=currency.item_id,
            sku=currency.sku,
            name=call.name(currency.name),
            type=currency.type,
            description=call.text(currency.description),
            image_url=call.absolute_url(currency.image_url),
            amount=price.amount,
            amount_without_discount=price.amount,
            calculated_price=bodies.CalculatedPrice(f"{price.amount}.00", f"{price.amount}.00"),
            is_default=price.is_default,
        )
        for price in item.details.vc_prices
        # A currency may have been deleted since it was a price.
        if price.is_enabled and (currency := currencies.get(price.sku)) is not None
    ]


def _promotions(call: PlayerCall, item: Item) -> list[bodies.Promotion]:
    promotion = item.details.promotion
    if promotion is None or not promotion.is_active(call.tx.now):
        return []
    dates = iso_date(promotion.starts_at), iso_date(promotion.ends_at)
    return [bodies.Promotion(promotion.name, *dates, bodies.Discount(f"{promotion.percent:.2f}", None))]


def _limits(call: PlayerCall, item: Item) -> bodies.Limits | None:
    limits = item.details.limits
    if limits is None:
        return None
    for_player = left_for_player(call.tx, item, call.viewer.player)
    for_all = left_for_all(call.tx, call.viewer.project_id, item)
    reset = limit_reset(item, call.tx.now)
    schedule = None if reset is None else ResetSchedule(*reset)
    return bodies.Limits(
        per_user=None if for_player is None else bodies.UserLimit(limits.per_user or 0, for_player, schedule),
        per_item=None if for_all is None else bodies.ItemLimit(limits.per_item or 0, for_all),
    )


def _content(call: PlayerCall, item: Item, items: Items) -> list[bodies.Content]:
    return [
        bodies.Content(
            item_id=inner.item_id,
            sku=inner.sku,
            type=inner.type,
            name=call.name(inner.name),
            description=call.text(inner.description),
            image_url=call.absolute_url(inner.image_url),
            quantity=part.quantity,
        )
        for part, inner in ((part, items[part.item_id]) for part in item.content)
    ]
