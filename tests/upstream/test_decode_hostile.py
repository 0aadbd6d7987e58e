"""Bodies that break the contract: nothing but our errors comes out, and the work for them is bounded."""

import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gateway.domain.models import MOST_DIGITS, Money
from gateway.errors import OutcomeUnknown, UpstreamInvalid
from gateway.upstream import catalog, decode
from gateway.upstream.decode_lists import ChainLists
from tests.support.upstream_json import CATALOG_ITEM, DAILY, OFFER, REWARD, page, places, raw

LISTS = ChainLists()
ORDER: dict[str, Any] = {
    "order_id": 656,
    "status": "paid",
    "content": {
        "price": {"amount": "9.99", "currency": "USD"},
        "virtual_price": None,
        "is_free": False,
        "items": [{"sku": "gold", "quantity": 2, "is_free": False, "price": {"amount": 1.5, "currency": "EUR"}}],
    },
}
READERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "offer chains": (LISTS.offer_chains, page(OFFER, {**OFFER, "id": 2}, has_more=False, total_items_count=2)),
    "reward chains": (LISTS.reward_chains, page(REWARD, has_more=False)),
    "daily chains": (LISTS.daily_chains, page(DAILY, has_more=False)),
    "offer chain": (decode.offer_chain, raw(OFFER)),
    "balance": (decode.balance, raw(REWARD["value_point"])),
    "order": (decode.order, raw(ORDER)),
    "contributors": (decode.contributors, raw([{"name": "Ann", "contributed_amount": 7}])),
    "catalog": (catalog.items, page(CATALOG_ITEM, {"sku": "kite"}, has_more=False)),
    "catalog item": (catalog.item, raw(CATALOG_ITEM)),
    "claimed step": (decode.claimed_order_id, raw({"order_id": 7})),
    "placed order": (decode.placed_order, raw({"order_id": 7, "token": "x"})),
    "clan rewards": (decode.clan_rewards, raw({"reward": [{"sku": "gold"}]})),
}
WRONG = [
    *(
        "null",
        "true",
        "[]",
        "{}",
        '""',
        "-1",
        "0.1",
        "1e5",
        "1e400",
        "-1e-400",
        "NaN",
        '"NaN"',
        '"Infinity"',
        '"-sNaN"',
    ),
    *("1e50000000", '"1e50000000"', "1e-50000000", "0e50000000", "1e1000000000000000000", "-1e-1000000000000000000"),
    *("9" * 19, "9" * 40, "9" * 4_000, "9" * 5_000, f'"{"9" * 5_000}"', "0." + "1" * 5_000, "[" * 2_000 + "]" * 2_000),
    *(
        '"\\ud800"',
        '"\\u0000"',
        '"0001-01-01T00:00:00+23:59"',
        '"9999-12-31T23:59:59-23:59"',
        '"2026-02-30"',
        "[[[{}]]]",
    ),
]


def replaced(document: object, at: tuple[str | int, ...], text: str) -> bytes:
    """The document with a text in the place of one of its values."""
    mark = "\N{SNOWMAN}"
    if not at:
        return text.encode()
    copy = json.loads(json.dumps(document))
    inside = copy
    for key in at[:-1]:
        inside = inside[key]
    inside[at[-1]] = mark
    return json.dumps(copy, ensure_ascii=False).replace(f'"{mark}"', text).encode()


def read(reader: Callable[[bytes], object], body: bytes) -> None:
    """Read it, and show what was read as an answer does."""
    try:
        value = reader(body)
    except (UpstreamInvalid, OutcomeUnknown):
        return
    msgspec.json.encode(value, enc_hook=str)
    for money in found(msgspec.to_builtins(value, builtin_types=(Decimal,), enc_hook=str)):
        assert len(format(money, "f")) < len(body) + MOST_DIGITS + 3


def found(value: object) -> Iterator[Decimal]:
    if isinstance(value, Decimal):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from found(one)


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_a_wrong_value_anywhere_raises_nothing_but_our_errors(name: str) -> None:
    reader, body = READERS[name]
    document = json.loads(body)
    for at in places(document):
        for text in WRONG:
            read(reader, replaced(document, at, text))


@pytest.mark.parametrize("name", READERS)
def test_broken_bytes_raise_nothing_but_our_errors(name: str) -> None:
    reader, body = READERS[name]
    chance = random.Random(name)
    pieces = [
        *(text.encode() for text in WRONG if len(text) < 100),
        b'"',
        b"{",
        b"]",
        b",",
        b"\\",
        b"\xff",
        b"e9",
        b"-",
    ]
    for _ in range(1_000):
        mutant = bytearray(body)
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(mutant) + 1)
            mutant[start : start + chance.choice((0, 1, 5, 40))] = chance.choice(pieces)
        read(reader, bytes(mutant))


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "1e31", "1e-31", "-1e31", "0e50000000", "1e-50000000"])
def test_an_amount_that_cannot_be_shown_is_none(amount: str) -> None:
    with pytest.raises(ValueError, match="can be shown"):
        Money(Decimal(amount), "USD")
    order = decode.order(replaced(ORDER, ("content", "price", "amount"), f'"{amount}"'))
    assert order == decode.order(replaced(ORDER, ("content", "price"), "null"))


@pytest.mark.parametrize("amount", ["0", "0.00", "-9.99", "1e30", "1e-30", "0.1e-6"])
def test_an_amount_may_have_thirty_digits_before_or_behind_the_point(amount: str) -> None:
    order = decode.order(replaced(ORDER, ("content", "price", "amount"), f'"{amount}"'))
    assert order.content.price == Money(Decimal(amount), "USD")


@pytest.mark.parametrize(
    "item", ["1", "{}", "[]", "null", '"x"', '{"id":"1","steps":[]}', '{"name":null,"steps":[{},{}]}'], ids=str
)
def test_five_megabytes_of_wrong_elements_are_not_gone_through(item: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(decode, "parse", lambda body, _: taken.append(len(body)))
    body = f'{{"items":[{",".join([item] * (5_000_000 // (len(item) + 1)))}]}}'.encode()
    with pytest.raises(UpstreamInvalid):
        LISTS.offer_chains(body)
    with pytest.raises(UpstreamInvalid):
        decode.contributors(body)
    assert taken == []


def test_elements_are_forgiven_up_to_a_number() -> None:
    most = decode.MAX_LENIENT_ELEMENTS
    assert LISTS.offer_chains(page(*[1] * (most - 1), {**OFFER, "order": "1"})).received == most
    with pytest.raises(UpstreamInvalid):
        LISTS.offer_chains(page(*[1] * (most + 1)))
    with pytest.raises(UpstreamInvalid):
        LISTS.offer_chains(page(*[1] * (most + 1), has_more="no"))
    assert LISTS.offer_chains(page(*[1] * most, has_more="no")).received == most
