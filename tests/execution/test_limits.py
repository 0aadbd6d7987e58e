"""How large a document may be."""

import pytest
from graphql import get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import LimitExceeded
from gateway.execution import limits
from gateway.execution.limits import Limits, check_limits
from gateway.execution.merging import comparisons
from tests.support import operations


def nested(levels: int) -> str:
    return "{a" * levels + "}" * levels


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(nested(11), "11 levels of fields; 10", id="depth"),
        pytest.param(f"{{x{nested(10)}}}", "11 levels of fields; 10", id="depth below the root"),
        pytest.param("{...F} fragment F on T " + nested(11), "11 levels of fields; 10", id="depth in a fragment"),
        pytest.param("{a{...F}} fragment F on T " + nested(10), "11 levels of fields; 10", id="depth below a spread"),
        pytest.param("{... on T " + nested(11) + "}", "11 levels of fields; 10", id="depth in an inline fragment"),
        pytest.param("{" + "a " * 11 + "}", "11 fields at the root; 10", id="root fields"),
        pytest.param("{...F ...F} fragment F on T {a b c d e f}", "12 fields at the root; 10", id="spread at the root"),
        pytest.param("{... {... {" + "a " * 11 + "}}}", "11 fields at the root; 10", id="inline at the root"),
        pytest.param("{a{" + "b " * 500 + "}}", "501 fields; 500", id="fields"),
        pytest.param("{a{" + "...F " * 9 + "}} fragment F on T {" + "b " * 60 + "}", "541 fields; 500", id="expanded"),
        pytest.param("{a{" + " ".join(f"x{n}: b" for n in range(16)) + "}}", "16 aliases; 15", id="aliases"),
        pytest.param("{a{" + "b @skip(if: true) " * 9 + "}}", "9 directives; 8", id="directives of fields"),
        pytest.param("query " + "@x " * 9 + "{a}", "9 directives; 8", id="directives of an operation"),
        pytest.param("{...F} fragment F on T " + "@x " * 9 + "{a}", "9 directives; 8", id="directives of a fragment"),
        pytest.param("{" + "...F @x " * 9 + "} fragment F on T {a}", "9 directives; 8", id="directives of spreads"),
        pytest.param(" ".join(f"query Q{n} {{a}}" for n in range(21)), "21 definitions; 20", id="definitions"),
        pytest.param("{__schema{" + "a{" * 19 + "b" + "}" * 21, "21 levels of introspection; 20", id="introspection"),
        pytest.param("{a{" + "b{c} " * 50 + "}}", "the same fields too often", id="repeated fields"),
        pytest.param(
            "{x{" + "...{a{b c}} " * 40 + "}}", "the same fields too often", id="repeated in inline fragments"
        ),
        pytest.param("{a{b " + "c " * 70 + "}} fragment F on T {a}", "the same fields too often", id="repeated deeper"),
        pytest.param("{a} fragment F on T {" + "b " * 70 + "}", "the same fields too often", id="repeated elsewhere"),
        pytest.param("{a{" + "...F " * 70 + "}} fragment F on T {b c}", "", id="repeated spreads cost little"),
        pytest.param("{x{a " + nested(8).replace("a", "__type", 1) + "}}", "", id="introspection is no depth"),
    ],
)
def test_a_document_beyond_a_limit_is_told_which(text: str, said: str) -> None:
    document = parse(text)
    if not said:
        check_limits(document, Limits())
        return
    with pytest.raises(LimitExceeded) as caught:
        check_limits(document, Limits())
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [nested(10), "{" + "a " * 10 + "}", "{a{" + " ".join(f"b{n}" for n in range(499)) + "}}"],
    ids=["deep", "wide", "full"],
)
def test_a_document_at_a_limit_passes(text: str) -> None:
    check_limits(parse(text), Limits())


def test_what_people_and_tools_ask_passes() -> None:
    for text in (operations.HOME, operations.UPDATE_CLAN, get_introspection_query(input_value_deprecation=True)):
        check_limits(parse(text), Limits())


def test_fragments_that_double_each_other_cost_one_pass() -> None:
    count = Limits().definitions - 1
    text = "{a{...F0}}" + "".join(f"fragment F{n} on T{{...F{n + 1} ...F{n + 1}}}" for n in range(count))
    text = text.replace(f"...F{count} ...F{count}", "b b")
    with pytest.raises(LimitExceeded, match=f"{2**count + 1} fields"):
        check_limits(parse(text), Limits())


def test_cycles_and_unknown_fragments_are_left_to_validation() -> None:
    check_limits(parse("{a ...A ...Gone} fragment A on T {b ...B} fragment B on T {c{...A}}"), Limits())


@given(
    st.recursive(
        st.just("a"), lambda inner: st.lists(inner, min_size=1, max_size=4).map(lambda xs: "a{" + " ".join(xs) + "}")
    )
)
def test_the_measure_is_the_documents(text: str) -> None:
    document = parse("{" + text + "}")
    depth = level = 0
    for sign in text:
        level += (sign == "{") - (sign == "}")
        depth = max(depth, level)
    measure = limits._Meter(document).of(document.definitions[0])  # type: ignore[arg-type]  # an operation
    assert (measure.depth, measure.fields) == (depth + 1, text.count("a"))


def test_fragments_that_spread_each_other_without_end_are_given_up_on() -> None:
    names = [f"F{number}" for number in range(18)]
    bodies = [f"fragment {one} on T{{" + " ".join(f"x{two}{{...{two}}}" for two in names) + "}" for one in names]
    assert comparisons(parse("{a{...F0}}" + "".join(bodies)), 2_000) > 2_000


def test_all_of_a_place_is_compared_once() -> None:
    text = "{a{b c} ...F a{b ... {b}}} fragment F on T {a{b} ...F}"
    # Three times `a` make three pairs, four times `b` make six. The operation has 11 selections, the fragment 3.
    assert comparisons(parse(text), 1_000) == 3 + 6 + 11 + 3
