"""What is made of upstream JSON that is not as the contract says: as much as can be, and it is reported."""

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from msgspec import UNSET

from gateway.domain.models import Item, Money, OfferChain, OfferStep, Recurrence, RewardChain
from gateway.upstream.lenient import MAX_DEPTH, LenientReader, Oddity, parse
from gateway.upstream.lenient_scalars import SCALARS, Unreadable, decimal_number

STEP = {"step_number": 1, "is_free": True, "items": [{"sku": "gem"}]}
CHAIN = {"id": 7, "name": "Path", "date_start": "2026-01-05T00:00:00Z", "steps": [STEP]}


class Heard:
    """What was reported."""

    def __init__(self) -> None:
        self.oddities: list[tuple[Oddity, str]] = []

    def __call__(self, oddity: Oddity, path: str, _: object) -> None:
        self.oddities.append((oddity, path))


def read(kind: type, value: object) -> tuple[object, list[tuple[Oddity, str]]]:
    heard = Heard()
    return LenientReader(kind).read(value, kind, heard), heard.oddities


def test_what_is_as_the_contract_says_is_read_without_a_word() -> None:
    chain, oddities = read(OfferChain, CHAIN)
    assert chain == OfferChain(
        7, "Path", datetime(2026, 1, 5, tzinfo=UTC), (OfferStep(1, True, items=(Item("gem"),)),), next_step_number=UNSET
    )
    assert oddities == []


@pytest.mark.parametrize(
    ("field", "value", "expected", "oddity"),
    [
        ("order", 1.0, 1, Oddity.CONVERTED),
        ("order", "2", 2, Oddity.CONVERTED),
        ("order", "1e1", 10, Oddity.CONVERTED),
        ("order", 1.5, 0, Oddity.ABSENT),
        ("order", True, 0, Oddity.ABSENT),
        ("order", 2**31, 0, Oddity.ABSENT),
        ("order", "first", 0, Oddity.ABSENT),
        ("order", None, 0, None),
        ("next_step_number", None, None, None),
        ("next_step_number", "x", UNSET, Oddity.ABSENT),
        ("description", 7, "7", Oddity.CONVERTED),
        ("description", Decimal("1.5"), "1.5", Oddity.CONVERTED),
        ("description", False, None, Oddity.ABSENT),
        ("description", ["a"], None, Oddity.ABSENT),
        ("description", "Gem \ud83c", "Gem \ufffd", Oddity.REPAIRED),
        ("recurrent_schedule", [], None, Oddity.ABSENT),
        ("recurrent_schedule", {"reset_next_date": "1767571200"}, Recurrence(None, 1767571200), Oddity.CONVERTED),
        ("date_end", "", None, Oddity.ABSENT),
        ("date_end", "0000-00-00 00:00:00", None, Oddity.ABSENT),
        ("date_end", [], None, Oddity.ABSENT),
    ],
)
def test_an_optional_field_is_read_as_meant_or_absent(
    field: str, value: object, expected: object, oddity: Oddity | None
) -> None:
    chain, oddities = read(OfferChain, {**CHAIN, field: Decimal(str(value)) if isinstance(value, float) else value})
    assert getattr(chain, field) == expected
    assert [one for one, _ in oddities] == ([oddity] if oddity else [])
    assert all(path.startswith(field) for _, path in oddities)


@pytest.mark.parametrize("field", ["id", "name", "date_start", "steps"])
@pytest.mark.parametrize("value", [None, {"no": "thing"}, True])
def test_an_object_without_what_it_needs_is_not_read(field: str, value: object) -> None:
    with pytest.raises(Unreadable):
        read(OfferChain, {**CHAIN, field: value})


def test_a_required_field_drops_its_own_object_and_nothing_more() -> None:
    steps = [STEP, {**STEP, "step_number": None}, None, {**STEP, "items": [{"sku": "a"}, {"name": "no sku"}, 7]}]
    chain, oddities = read(OfferChain, {**CHAIN, "steps": steps})
    assert isinstance(chain, OfferChain)
    assert [[item.sku for item in step.items] for step in chain.steps] == [["gem"], ["a"]]
    assert oddities == [(Oddity.DROPPED, "steps")] * 2 + [(Oddity.DROPPED, "steps.items")] * 2


@pytest.mark.parametrize(("value", "names"), [({"0": {"sku": "a"}, "2": {"sku": "b"}}, ["a", "b"]), ({}, []), ([], [])])
def test_a_list_with_gaps_comes_as_an_object_from_php(value: object, names: list[str]) -> None:
    step, _ = read(OfferStep, {**STEP, "items": value})
    assert isinstance(step, OfferStep)
    assert [item.sku for item in step.items] == names


@pytest.mark.parametrize(
    ("value", "texts", "oddities"),
    [
        ([], {}, [Oddity.CONVERTED]),
        ({"en": "Hi", "de": None}, {"en": "Hi", "de": None}, []),
        ({"en": "Hi", "de": []}, {"en": "Hi"}, [Oddity.ABSENT]),
        ("Hi", None, [Oddity.ABSENT]),
    ],
)
def test_texts_by_language_are_kept_one_by_one(
    value: object, texts: dict[str, str | None] | None, oddities: list[Oddity]
) -> None:
    chain, found = read(
        RewardChain,
        {
            "reward_chain_id": 1,
            "name": "x",
            "date_start": "2026-01-05T00:00:00Z",
            "steps": [],
            "value_point": {"sku": "p", "name": "P"},
            "popup_header": value,
        },
    )
    assert isinstance(chain, RewardChain)
    assert chain.popup_header == texts
    assert [one for one, _ in found] == oddities


class Even(msgspec.Struct):
    """A model that refuses some of the values of its type, as amounts do."""

    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("odd")


def test_a_model_that_was_not_prepared_is_read_too() -> None:
    assert LenientReader().read({"number": "4"}, Even, Heard()) == Even(4)


def test_what_a_model_refuses_cannot_be_read() -> None:
    assert read(Even, {"number": "2"})[0] == Even(2)
    with pytest.raises(Unreadable):
        read(Even, {"number": 3})


def test_elements_that_cannot_be_read_are_left_out_of_a_list() -> None:
    heard = Heard()
    chains = LenientReader(OfferChain).read_elements([CHAIN, 1, {**CHAIN, "id": "8"}], OfferChain, heard)
    assert [chain.id for chain in chains] == [7, 8]
    assert heard.oddities == [(Oddity.DROPPED, ""), (Oddity.CONVERTED, "id")]
    with pytest.raises(Unreadable):
        LenientReader(OfferChain).read_elements("no list", OfferChain, heard)


def test_what_nests_without_end_is_not_walked() -> None:
    item: dict[str, object] = {"sku": "box"}
    for _ in range(MAX_DEPTH):
        item = {"sku": "box", "content": [item]}
    read_item, oddities = read(Item, item)
    assert isinstance(read_item, Item)
    assert (Oddity.DROPPED, ".".join(["content"] * 16)) in oddities


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-05T00:00:00", datetime(2026, 1, 5)),
        ("2026-01-05 00:00:00", datetime(2026, 1, 5)),
        ("2026-01-05", datetime(2026, 1, 5)),
        ("2026-01-05T00:00:00.1234567Z", datetime(2026, 1, 5, 0, 0, 0, 123457, tzinfo=UTC)),
        ("2026-01-05T00:00:00+0000", datetime(2026, 1, 5, tzinfo=UTC)),
        (1767571200, datetime(2026, 1, 5, tzinfo=UTC)),
        ("1767571200", datetime(2026, 1, 5, tzinfo=UTC)),
        (1767571200000, datetime(2026, 1, 5, tzinfo=UTC)),
        ("/Date(1767571200000)/", datetime(2026, 1, 5, tzinfo=UTC)),
        ("/Date(1767571200000+0200)/", datetime(2026, 1, 5, tzinfo=UTC)),
        ({"date": "2026-01-05 00:00:00.000000", "timezone": "UTC"}, datetime(2026, 1, 5)),
        ("+012026-01-05T00:00:00Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_the_notation_of_every_serialiser(value: object, expected: datetime) -> None:
    chain, _ = read(OfferChain, {**CHAIN, "date_start": value})
    assert isinstance(chain, OfferChain)
    assert chain.date_start == expected


@pytest.mark.parametrize("value", ["soon", "2026-13-45", 10**25, "1e300", {}, {"date": None}])
def test_what_is_no_moment_is_not_read(value: object) -> None:
    with pytest.raises(Unreadable):
        read(OfferChain, {**CHAIN, "date_start": value})


@pytest.mark.parametrize(
    ("value", "truth"),
    [(1, True), (0, False), ("1", True), ("true", True), (" False ", False), ("", False), (Decimal("1.0"), True)],
)
def test_truth_comes_as_number_or_word(value: object, truth: bool) -> None:
    step, oddities = read(OfferStep, {**STEP, "is_free": value})
    assert isinstance(step, OfferStep)
    assert step.is_free is truth
    assert oddities == [(Oddity.CONVERTED, "is_free")]


@pytest.mark.parametrize("value", [2, "maybe", [], None, Decimal("0.5")])
def test_what_is_neither_true_nor_false_is_not_read(value: object) -> None:
    with pytest.raises(Unreadable):
        read(OfferStep, {**STEP, "is_free": value})


@pytest.mark.parametrize(
    ("value", "number"), [("1.50", "1.50"), (" 7 ", "7"), (Decimal("0.1"), "0.1"), (3, "3"), (".5", "0.5"), ("5.", "5")]
)
def test_an_amount_is_read_exactly(value: object, number: str) -> None:
    money, _ = read(Money, {"amount": value, "currency": "EUR"})
    assert money == Money(Decimal(number), "EUR")


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "", "1,50", "0x10", True, None, Decimal("1e40"), Decimal("1e-40"), "9" * 61, "1e99"]
)
def test_what_is_no_amount_is_not_read(value: object) -> None:
    with pytest.raises(Unreadable):
        decimal_number(value)


@pytest.mark.parametrize(
    ("body", "value", "oddities"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}, []),
        (b'{"a": "x\xff"}', {"a": "x\ufffd"}, [(Oddity.REPAIRED, "")]),
        ('{"a": "x\ufffd"}'.encode(), {"a": "x\ufffd"}, []),
        (b'{"a": "x\ny"}', {"a": "x\ny"}, []),
        (b'{"a": NaN, "b": -Infinity}', {"a": None, "b": None}, []),
        (b'{"a": 29.949999999999999}', {"a": Decimal("29.949999999999999")}, []),
    ],
)
def test_json_is_read_as_others_write_it(body: bytes, value: object, oddities: list[tuple[Oddity, str]]) -> None:
    heard = Heard()
    assert parse(body, heard) == value
    assert heard.oddities == oddities


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"a": 1', b"1" * 41, b"[" * 100_000, b'{"a": 1e99999999999999999999}']
)
def test_what_is_no_json_is_not_read(body: bytes) -> None:
    with pytest.raises(Unreadable):
        parse(body, Heard())


def test_every_kind_of_scalar_is_known() -> None:
    assert len(SCALARS) == 4


@pytest.mark.parametrize("amount", ['"NaN"', "NaN", '"Infinity"', "null", '"free"', '"1e99"'])
def test_a_price_that_is_no_number_is_refused_and_reported_and_its_step_is_shown(amount: str) -> None:
    body = f'{{"step_number": 1, "is_free": false, "step_price": {{"amount": {amount}, "currency": "USD"}}}}'
    step, oddities = read(OfferStep, parse(body.encode(), Heard()))
    assert step == OfferStep(1, False)
    assert oddities == [(Oddity.ABSENT, "step_price")]
