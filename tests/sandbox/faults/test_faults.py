"""How faults are written, and what they do to a body."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sandbox.faults.active_faults import MOST_FAULTS, ActiveFaults
from gateway.sandbox.faults.body_changes import EXTRA_VALUE, UNKNOWN_VALUE, change_body
from gateway.sandbox.faults.fault import Fault, FaultError, parse_fault

OPERATIONS = frozenset({"get-order", "get-offer-chains-list"})


def switches(*faults: Fault, seed: int = 1) -> ActiveFaults:
    return ActiveFaults(OPERATIONS, random.Random(seed), faults)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("get-order:status=503,probability=0.1", Fault(call="get-order", status=503, probability=0.1)),
        ("*:delay_ms=200", Fault(call="*", delay_ms=200)),
        ("*/user/offer_chain*:reset,count=1", Fault(call="*/user/offer_chain*", reset=True, count=1)),
        ("get-order: truncated , after=false", Fault(call="get-order", truncated=True)),
        ("get-order:malformed=true", Fault(call="get-order", malformed=True)),
        (
            "get-order:status=429,error_code=7,retry_after=0",
            Fault(call="get-order", status=429, error_code=7, retry_after=0),
        ),
        ("get-order:reset,after", Fault(call="get-order", reset=True, after=True)),
        ("get-order:missing_field=content.price", Fault(call="get-order", missing_field="content.price")),
        (
            "get-order:extra_field=x,unknown_value=status",
            Fault(call="get-order", extra_field="x", unknown_value="status"),
        ),
    ],
)
def test_a_fault_is_read_from_a_word_of_the_command_line(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("get-order", "expected CALL:FIELD=VALUE"),
        ("", "expected CALL:FIELD=VALUE"),
        (":status=503", "Expected `str` of length >= 1 - at `$.call`"),
        ("get-order:", "unknown field ``"),
        ("get-order:statsu=503", "unknown field `statsu`"),
        ("get-order:status=200", "Expected `int` >= 400 - at `$.status`"),
        ("get-order:status=abc", "at `$.status`"),
        ("get-order:delay_ms=-1", "Expected `float` >= 0.0 - at `$.delay_ms`"),
        ("get-order:delay_ms=nan", "delay_ms"),
        ("get-order:reset,probability=0", "Expected `float` > 0.0 - at `$.probability`"),
        ("get-order:reset,probability=1.5", "Expected `float` <= 1.0 - at `$.probability`"),
        ("get-order:reset,count=0", "Expected `int` >= 1 - at `$.count`"),
        ("get-order:count=3", "a fault has to do something"),
        ("get-order:after", "a fault has to do something"),
    ],
)
def test_what_is_no_fault_is_refused_with_its_text_and_reason(text: str, complaint: str) -> None:
    with pytest.raises(FaultError) as refused:
        parse_fault(text)
    assert str(refused.value).startswith(f"fault {text!r}: ")
    assert complaint in str(refused.value)


def test_a_fault_made_in_code_is_checked_as_well() -> None:
    with pytest.raises(FaultError, match="fault of 'get-order': Expected `int` >= 400"):
        switches(Fault(call="get-order", status=200))


@pytest.mark.parametrize("call", ["get-ordre", "user/offer_chain"])
def test_a_fault_of_no_call_is_refused_and_changes_nothing(call: str) -> None:
    on = switches(Fault(call="get-order", reset=True))
    with pytest.raises(FaultError, match=f"There is no call '{call}'"):
        on.replace([*on.all(), Fault(call=call, reset=True)])
    assert on.all() == (Fault(call="get-order", reset=True),)


def test_there_is_an_end_of_faults() -> None:
    on = switches(*[Fault(call="*", delay_ms=1)] * MOST_FAULTS)
    with pytest.raises(FaultError, match="100 faults at most"):
        on.replace([*on.all(), Fault(call="*", delay_ms=1)])
    assert len(on.all()) == MOST_FAULTS


@pytest.mark.parametrize(
    ("call", "is_hit"),
    [
        ("get-order", True),
        ("*", True),
        ("/v2/project/44056/order/7", True),
        ("/v2/project/*/order/*", True),
        ("*/order/7", True),
        ("get-offer-chains-list", False),
        ("/v2/project/44056/order", False),
        ("*/ORDER/7", False),
        ("*/order", False),
    ],
)
def test_a_fault_hits_the_calls_it_names(call: str, is_hit: bool) -> None:
    fault = Fault(call=call, reset=True)
    assert switches(fault).trigger("get-order", "/v2/project/44056/order/7") == ((fault,) if is_hit else ())


def test_a_count_ends_a_fault() -> None:
    on = switches(Fault(call="get-order", reset=True, count=2), Fault(call="*", delay_ms=5))
    assert [len(on.trigger("get-order", "/")) for _ in range(3)] == [2, 2, 1]
    assert on.all() == (Fault(call="*", delay_ms=5),)


def test_a_count_counts_hits_and_not_calls() -> None:
    on = switches(Fault(call="get-order", reset=True, count=2))
    on.trigger("get-offer-chains-list", "/")
    on.trigger("get-order", "/")
    assert on.all() == (Fault(call="get-order", reset=True, count=1),)


@given(st.integers(), st.floats(min_value=0.01, max_value=0.99))
def test_a_seed_repeats_the_same_chances(seed: int, probability: float) -> None:
    def hits() -> list[int]:
        on = switches(Fault(call="*", reset=True, probability=probability), seed=seed)
        return [len(on.trigger("get-order", "/")) for _ in range(50)]

    assert hits() == hits()


def test_a_probability_is_how_often_it_happens() -> None:
    on = switches(Fault(call="*", reset=True, probability=0.25))
    assert sum(len(on.trigger("get-order", "/")) for _ in range(2000)) == pytest.approx(500, abs=60)


BODY = b'{"status":"new","items":[{"sku":"gold","price":{"amount":4.99,"status":"x"}}],"price":null}'


@pytest.mark.parametrize(
    ("fields", "after"),
    [
        (
            {"missing_field": "status"},
            b'{"items":[{"sku":"gold","price":{"amount":4.99}}],"price":null}',
        ),
        (
            {"missing_field": "price.status"},
            b'{"status":"new","items":[{"sku":"gold","price":{"amount":4.99}}],"price":null}',
        ),
        ({"missing_field": "items.price"}, b'{"status":"new","items":[{"sku":"gold"}],"price":null}'),
        ({"missing_field": "nothing"}, BODY),
        (
            {"unknown_value": "items.price.status"},
            BODY.replace(b'"x"', f'"{UNKNOWN_VALUE}"'.encode()),
        ),
        ({"unknown_value": "amount"}, BODY),
        (
            {"extra_field": "more"},
            BODY.replace(b'"x"}', f'"x","more":"{EXTRA_VALUE}"}}'.encode())
            .replace(b"}}]", f'}},"more":"{EXTRA_VALUE}"}}]'.encode())
            .replace(b"null}", f'null,"more":"{EXTRA_VALUE}"}}'.encode()),
        ),
        ({"malformed": True}, BODY[: len(BODY) // 2]),
        ({"delay_ms": 1}, BODY),
    ],
)
def test_a_fault_changes_fields_at_any_depth(fields: dict[str, object], after: bytes) -> None:
    assert change_body(BODY, [msgspec.convert({"call": "*", **fields}, Fault)]) == after


def test_a_list_is_changed_in_each_of_its_objects() -> None:
    fault = Fault(call="*", missing_field="name")
    assert change_body(b'[{"name":"a","n":1},{"name":"b"},3]', [fault]) == b'[{"n":1},{},3]'


def test_an_empty_body_stays_empty() -> None:
    assert change_body(b"", [Fault(call="*", malformed=True, extra_field="x")]) == b""


def test_a_body_is_cut_after_all_faults_have_changed_its_fields() -> None:
    half, extra = Fault(call="*", malformed=True), Fault(call="*", extra_field="x")
    whole = change_body(BODY, [extra])
    assert change_body(BODY, [half, extra]) == change_body(BODY, [extra, half]) == whole[: len(whole) // 2]


@pytest.mark.slow
@given(
    st.recursive(
        st.none() | st.integers(-9, 9) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_half_of_a_json_body_is_never_an_object_or_a_list(value: object) -> None:
    half = change_body(msgspec.json.encode({"value": value}), [Fault(call="*", malformed=True)])
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(half)
