"""The only reader of upstream JSON: bodies into models, statuses and error codes into named errors."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from gateway.domain.catalog import CatalogItem
from gateway.domain.models import (
    Contributor,
    DailyChain,
    Int64,
    Item,
    Listing,
    OfferChain,
    Order,
    PlacedOrder,
    RewardChain,
    ValuePoint,
)
from gateway.errors import (
    OutcomeUnknown,
    UpstreamInvalid,
)
from gateway.upstream.lenient import LenientReader, Oddity, Report, identity_of, parse, unreported
from gateway.upstream.lenient_scalars import Unreadable

T = TypeVar("T")
C = TypeVar("C", OfferChain, DailyChain)

MEMORY_PER_BODY_BYTE = 6
"""What a byte of upstream JSON weighs once it is decoded into models; a test measures it."""

MAX_LENIENT_VALUES = 30_000
"""Values of a body that are gone through one by one where it is not as the contract says: a thirtieth of a second."""

MAX_LENIENT_BYTES = 2_000_000
"""Bytes of such a body: its text is gone through several times."""

MAX_LENIENT_ELEMENTS = 500
"""Elements of such a page; the upstream's have 50."""

MAX_OBJECTS = 3_000
"""Elements of a list, and their steps, that are shown: more would hold the event loop for too long.

Chains have 31 steps at most, and a page has 50 of them (admin contract).
"""

_FEW_BYTES = 50_000
"""Shorter bodies hold fewer: a step has more than 17 bytes."""

_UNREADABLE = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)
"""What reading a body can raise: text that is not UTF-8 and exponents beyond all bounds are among it."""


class Page(Struct, Generic[T], frozen=True):
    """One page of a list; `received` counts its elements, readable or not, because the next offset follows from it.

    `shared_bytes` of its body became objects that were there before.
    """

    items: tuple[T, ...]
    received: int
    has_more: bool
    total_items_count: int | None
    shared_bytes: int = 0


class _RawPage(Struct):
    items: list[msgspec.Raw]
    has_more: bool | None = None
    total_items_count: Int64 | None = None


class _PlainPage(Struct):
    has_more: bool | None = None
    total_items_count: Int64 | None = None


class WholePage(Struct, Generic[T]):
    """A page as it is sent."""

    items: tuple[T, ...]
    has_more: bool | None = None
    total_items_count: Int64 | None = None


class _Claimed(Struct):
    order_id: Int64 | None = None


class _ClanUpdate(Struct):
    reward: tuple[Item, ...] = ()


_lenient = LenientReader(
    *(OfferChain, RewardChain, DailyChain, ValuePoint, Contributor, Order, PlacedOrder, CatalogItem),
    *(_PlainPage, _Claimed, _ClanUpdate),
)


def offer_chain(body: bytes, report: Report = unreported) -> OfferChain:
    """Decode one offer chain (client contract, 1.2). Raises UpstreamInvalid."""
    return _of_bounded_size(decode_one(body, OfferChain, report))


def daily_chain(body: bytes, report: Report = unreported) -> DailyChain:
    """Decode one daily chain (client contract, 4). Raises UpstreamInvalid."""
    return _of_bounded_size(decode_one(body, DailyChain, report))


def _of_bounded_size(chain: C) -> C:
    if len(chain.steps) >= MAX_OBJECTS:
        raise UpstreamInvalid
    return chain


def balance(body: bytes, report: Report = unreported) -> ValuePoint | None:
    """Decode a balance (client contract, 2.2). An empty object tells nothing: None. Raises UpstreamInvalid."""
    try:
        return msgspec.json.decode(body, type=ValuePoint)
    except _UNREADABLE:
        return None if _plain(body, report) == {} else decode_one(body, ValuePoint, report)


def contributors(body: bytes, report: Report = unreported) -> tuple[Contributor, ...]:
    """Decode the top contributors, a bare array (client contract, 3), without elements that cannot be read."""
    try:
        return tuple(msgspec.json.decode(body, type=list[Contributor]))
    except _UNREADABLE:
        return tuple(_elements(_plain(body, report), Contributor, report))


def order(body: bytes, report: Report = unreported) -> Order:
    """Decode an order (client contract, 5.1). Raises UpstreamInvalid."""
    return decode_one(body, Order, report)


def claimed_order_id(body: bytes, report: Report = unreported) -> int | None:
    """The order of a claimed step. The 2xx says that the claim stands, so an unreadable body costs only the number."""
    try:
        return decode_one(body, _Claimed, report).order_id
    except UpstreamInvalid:
        return None


def placed_order(body: bytes, report: Report = unreported) -> PlacedOrder:
    """Decode a new order (client contract, 1.6); an empty token counts as none.

    Raises OutcomeUnknown: a 2xx whose body is lost has made an order that nobody knows.
    """
    try:
        placed = decode_one(body, PlacedOrder, report)
        return PlacedOrder(placed.order_id, placed.token or None)
    except UpstreamInvalid:
        raise OutcomeUnknown from None


def clan_rewards(body: bytes, report: Report = unreported) -> tuple[Item, ...]:
    """What a change of clan paid out; absent, null or unreadable counts as nothing (client contract, 3: not found)."""
    try:
        return decode_one(body, _ClanUpdate, report).reward
    except UpstreamInvalid:
        return ()


def page(body: bytes, decode: Callable[[bytes], Page[T]], kind: type[T], report: Report = unreported) -> Page[T]:
    """Decode a page, strictly by `decode` and else one element at a time. Raises UpstreamInvalid."""
    try:
        return decode(body)
    except _UNREADABLE:
        return _lenient_page(body, kind, report)


def listing(
    pages: list[Page[T]], key: Callable[[T], tuple[int, Any]], size_bytes: int, report: Report = unreported
) -> Listing[T]:
    """Join pages of so many bytes into one list ordered by `key` (position, then id or SKU).

    An element that several pages hold counts once: the upstream may insert while pages are walked. What comes after
    `MAX_OBJECTS` is left out.
    """
    elements = [element for page in pages for element in page.items]
    if size_bytes > _FEW_BYTES:
        shown = list(_first(elements))
        if len(shown) < len(elements):
            report(Oddity.DROPPED, "", None)
        elements = shown
    found = {key(element)[1]: element for element in elements}
    unreadable = sum([page.received for page in pages]) - len(elements)
    return Listing(tuple(sorted(found.values(), key=key)), unreadable)


def _first(elements: Iterable[T]) -> Iterator[T]:
    objects = 0
    for element in elements:
        objects += 1 + len(getattr(element, "steps", ()))
        if objects > MAX_OBJECTS:
            return
        yield element


def _lenient_page(body: bytes, kind: type[T], report: Report) -> Page[T]:
    """Read a page element by element, leaving out those that cannot be read."""
    _check_work(body)
    try:
        page = msgspec.json.decode(body, type=_RawPage)
    except _UNREADABLE:
        return _plain_page(_plain(body, report), kind, report)
    if len(page.items) > MAX_LENIENT_ELEMENTS:
        raise UpstreamInvalid
    items = []
    for raw in page.items:
        try:
            items.append(decode_one(bytes(raw), kind, report))
        except UpstreamInvalid:
            report(Oddity.DROPPED, "", _identity(raw))
    return Page(tuple(items), len(page.items), bool(page.has_more), page.total_items_count)


def _plain_page(plain: object, kind: type[T], report: Report) -> Page[T]:
    """A page out of plain values: its text, or what stands around its elements, is not as the contract says."""
    if not isinstance(plain, dict):
        raise UpstreamInvalid
    items = _elements(plain.get("items"), kind, report)
    # Everything around the elements is optional, so this cannot fail.
    around = _lenient.read(plain, _PlainPage, report)
    return Page(tuple(items), len(plain["items"]), bool(around.has_more), around.total_items_count)


def _elements(plain: object, kind: type[T], report: Report) -> list[T]:
    try:
        if isinstance(plain, list) and len(plain) > MAX_LENIENT_ELEMENTS:
            raise UpstreamInvalid
        return _lenient.read_elements(plain, kind, report)
    except Unreadable:
        raise UpstreamInvalid from None


def decode_one(body: bytes, kind: type[T], report: Report) -> T:
    """Decode strictly, else field by field. Raises UpstreamInvalid."""
    try:
        return msgspec.json.decode(body, type=kind)
    except _UNREADABLE:
        pass
    try:
        return _lenient.read(_plain(body, report), kind, report)
    except Unreadable:
        raise UpstreamInvalid from None


def _plain(body: bytes, report: Report) -> object:
    """The body as plain values. Raises UpstreamInvalid, also where reading it would hold up everybody else."""
    _check_work(body)
    try:
        return parse(body, report)
    except Unreadable:
        raise UpstreamInvalid from None


def _identity(raw: msgspec.Raw) -> object:
    try:
        return identity_of(parse(bytes(raw), unreported))
    except Unreadable:
        return None


def _check_work(body: bytes) -> None:
    """Raise UpstreamInvalid where lenient reading would hold up everybody else."""
    if len(body) > MAX_LENIENT_BYTES or sum(map(body.count, (b",", b"[", b"{"))) > MAX_LENIENT_VALUES:
        raise UpstreamInvalid
