"""The only reader of upstream JSON: bodies into models, statuses and error codes into named errors."""

import math
import re
from collections.abc import Callable
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from gateway.domain.models import Contributor, Int64, Item, Listing, OfferChain, Order, PlacedOrder, ValuePoint
from gateway.errors import (
    Forbidden,
    GatewayError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Unauthenticated,
    UpstreamInvalid,
    UpstreamUnavailable,
)
from gateway.telemetry.redaction import redact_text

T = TypeVar("T")

MEMORY_PER_BODY_BYTE = 6
"""What a byte of upstream JSON weighs once it is decoded into models; a test measures it."""

MAX_FORGIVEN_VALUES = 100_000
"""Values of a body that are gone through one by one where it is not as the contract says: a twentieth of a second."""

MAX_FORGIVEN_ELEMENTS = 2_000
"""Elements of such a page; the upstream's have 50."""

_UNREADABLE = (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError)
"""What reading a body can raise: text that is not UTF-8 and exponents beyond all bounds are among it."""

RETRY_AFTER_DEFAULT_SECONDS = 5
"""Told for a 429 that does not say when to come back."""

RETRY_AFTER_MAX_SECONDS = 86_400
"""Nothing longer is told: no client waits for more than a day, and GraphQL's numbers end somewhere."""

MAX_MESSAGE_LENGTH = 500
"""Characters of the upstream's message that are logged or shown."""

_SECONDS = re.compile(r"[0-9]{1,20}(\.[0-9]{0,20})?")


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


class WholePage(Struct, Generic[T]):
    """A page as it is sent."""

    items: tuple[T, ...]
    has_more: bool | None = None
    total_items_count: Int64 | None = None


class _Claimed(Struct):
    order_id: Int64 | None = None


class _ClanUpdate(Struct):
    reward: tuple[Item, ...] = ()


class _Envelope(Struct, rename="camel"):
    error_code: Int64 | None = None
    transaction_id: str | None = None
    # Of any kind, since only developers read it: nothing else may be lost by it.
    error_message: object = None


# Floats become Decimal straight from their text, so that money read on the forgiving path is as exact as elsewhere.
_plain = msgspec.json.Decoder(float_hook=Decimal).decode


def offer_chain(body: bytes) -> OfferChain:
    """Decode one offer chain (client contract, 1.2). Raises UpstreamInvalid."""
    return _one(body, OfferChain)


def balance(body: bytes) -> ValuePoint:
    """Decode a balance (client contract, 2.2). Raises UpstreamInvalid."""
    return _one(body, ValuePoint)


def contributors(body: bytes) -> tuple[Contributor, ...]:
    """Decode the top contributors, a bare array (client contract, 3); null elements are left out."""
    return tuple(one for one in _one(body, list[Contributor | None]) if one is not None)


def order(body: bytes) -> Order:
    """Decode an order (client contract, 5.1). Raises UpstreamInvalid."""
    return _one(body, Order)


def claimed_order_id(body: bytes) -> int | None:
    """The order of a claimed step. The 2xx says that the claim stands, so an unreadable body costs only the number."""
    try:
        return _one(body, _Claimed).order_id
    except UpstreamInvalid:
        return None


def placed_order(body: bytes) -> PlacedOrder:
    """Decode a new order (client contract, 1.6); an empty token counts as none.

    Raises OutcomeUnknown: a 2xx whose body is lost has made an order that nobody knows.
    """
    try:
        placed = _one(body, PlacedOrder)
        return PlacedOrder(placed.order_id, placed.token or None)
    except UpstreamInvalid:
        raise OutcomeUnknown from None


def clan_rewards(body: bytes) -> tuple[Item, ...]:
    """What a change of clan paid out; absent, null or unreadable counts as nothing (client contract, 3: not found)."""
    try:
        return _one(body, _ClanUpdate).reward
    except UpstreamInvalid:
        return ()


def page(body: bytes, decode: Callable[[bytes], Page[T]], kind: type[T]) -> Page[T]:
    """Decode a page, strictly by `decode` and else one element at a time. Raises UpstreamInvalid."""
    try:
        return decode(body)
    except _UNREADABLE:
        return _forgiving_page(body, kind)


def listing(pages: list[Page[T]], key: Callable[[T], tuple[int, int]]) -> Listing[T]:
    """Join pages into one list ordered by `key` (position, id).

    An element that several pages hold counts once: the upstream may insert while pages are walked.
    """
    found = {key(item)[1]: item for page in pages for item in page.items}
    unreadable = sum(page.received - len(page.items) for page in pages)
    return Listing(tuple(sorted(found.values(), key=key)), unreadable)


def failure(status: int, body: bytes, retry_after: str | None, *, writes: bool, now: float) -> GatewayError:
    """Name what an answer outside 2xx means; `now` is Unix seconds, for dates in `Retry-After`.

    A 5xx on a write may come after the work was done, so its outcome is unknown. A redirect is never followed.
    """
    envelope = _envelope(body)
    code, transaction_id = envelope.error_code, envelope.transaction_id
    seconds = _retry_after_seconds(retry_after, now)
    failure: GatewayError
    if status == 429:
        asked = RETRY_AFTER_DEFAULT_SECONDS if seconds is None else seconds
        failure = RateLimited(asked, upstream_code=code, transaction_id=transaction_id)
    elif status >= 500:
        kind = OutcomeUnknown if writes else UpstreamUnavailable
        failure = kind(upstream_code=code, transaction_id=transaction_id)
        failure.retry_after_seconds = None if writes else seconds
    else:
        failure = _FAILURES.get(status, UpstreamInvalid)(upstream_code=code, transaction_id=transaction_id)
    if isinstance(envelope.error_message, str) and envelope.error_message:
        failure.upstream_message = redact_text(envelope.error_message)[:MAX_MESSAGE_LENGTH]
    return failure


_FAILURES: dict[int, type[GatewayError]] = {
    400: Refusal,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Refusal,
    422: Refusal,
}


def _forgiving_page(body: bytes, kind: type[T]) -> Page[T]:
    """Read a page element by element, leaving out those that cannot be read."""
    _check_work(body)
    page = _one(body, _RawPage)
    if len(page.items) > MAX_FORGIVEN_ELEMENTS:
        raise UpstreamInvalid
    items = []
    for raw in page.items:
        try:
            items.append(_one(bytes(raw), kind))
        except UpstreamInvalid:
            continue
    return Page(tuple(items), len(page.items), bool(page.has_more), page.total_items_count)


def _one(body: bytes, kind: type[T]) -> T:
    """Decode strictly, else forgivingly: a null counts as absent, and a number may come as text."""
    try:
        return msgspec.json.decode(body, type=kind)
    except _UNREADABLE:
        pass
    _check_work(body)
    try:
        return msgspec.convert(_without_nulls(_plain(body)), type=kind, strict=False)
    except _UNREADABLE:
        # The library's text may quote the body, so it is not kept.
        raise UpstreamInvalid from None


def _check_work(body: bytes) -> None:
    """Raise UpstreamInvalid where forgiving would hold up everybody else."""
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_FORGIVEN_VALUES:
        raise UpstreamInvalid


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nulls(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value if one is not None]
    return value


def _envelope(body: bytes) -> _Envelope:
    try:
        return _one(body, _Envelope)
    except UpstreamInvalid:
        return _Envelope()


def _retry_after_seconds(value: str | None, now: float) -> int | None:
    """Whole seconds to wait, from seconds or an HTTP date; None where nothing is told, and 1 at least."""
    text = "" if value is None else value.strip()
    if _SECONDS.fullmatch(text):
        seconds = float(text)
    else:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(math.ceil(seconds), 1), RETRY_AFTER_MAX_SECONDS)
