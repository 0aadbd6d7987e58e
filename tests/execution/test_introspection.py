"""What introspection costs, and that it tells the truth."""

import json
import tracemalloc
from collections.abc import Iterator

import pytest
from graphql import OperationType, build_schema, get_introspection_query, graphql_sync, parse

from gateway.errors import IntrospectionDisabled, LimitExceeded
from gateway.execution.documents import Operation
from gateway.execution.engine import Execution, GraphQLEngine
from gateway.execution.introspection import Introspection, is_introspection
from gateway.execution.limits import LIMITS
from gateway.execution.schema_answers import SchemaAnswers
from gateway.schema import create_schema
from tests.support.introspection_documents import BOMB, DEEP
from tests.support.subscriber import Scene

SCHEMA = build_schema("""
    interface Named { name(short: Boolean, length: Int): String! }
    type Query implements Named { name(short: Boolean, length: Int): String! other: [Query!]! kind: Kind any: Any }
    type Mutation { set(to: Input!): Kind }
    input Input { name: String kind: Kind = A inner: [Input!] }
    enum Kind { A B C }
    union Any = Query | Mutation
""")
FULLEST = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
    one_of=True,
)


def values(data: object) -> int:
    """Fields of all objects in an answer."""
    if isinstance(data, dict):
        return len(data) + sum(map(values, data.values()))
    return sum(map(values, data)) if isinstance(data, list) else 0


def cost(text: str) -> int:
    """The least bound that a document passes."""
    document = parse(text)
    low, high = 0, 100_000
    while low < high:
        middle = (low + high) // 2
        try:
            Introspection(SCHEMA, is_allowed=True, max_values=middle).check(document)
            high = middle
        except LimitExceeded:
            low = middle + 1
    return low


@pytest.mark.parametrize(
    "text",
    [
        get_introspection_query(),
        FULLEST,
        "{__schema{types{name kind}}}",
        "{__schema{description queryType{name} mutationType{name} subscriptionType{name}}}",
        "{__schema{directives{name args{name type{ofType{name}}}}}}",
        '{__type(name:"Input"){inputFields{name type{name ofType{name ofType{name}}}}}}',
        '{__type(name:"Kind"){enumValues{name isDeprecated}}}',
        '{__type(name:"Any"){possibleTypes{name interfaces{name}}}}',
        '{__type(name:"Named"){possibleTypes{fields{args{type{name}}}}}}',
        '{a:__type(name:"Kind"){name} b:__type(name:"Input"){name inputFields{name}}}',
        '{__type(name:"Nothing"){fields{name}}}',
        """{...on Query{__schema{...F}}} fragment F on __Schema{types{...T}} fragment T on __Type{name fields{...D}}
        fragment D on __Field{name ...on __Field{type{name}}}""",
    ],
)
def test_the_cost_is_the_number_of_values_in_the_answer(text: str) -> None:
    result = graphql_sync(SCHEMA, text)
    assert result.errors is None
    assert cost(text) == values(result.data)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("query($n:String!){__type(name:$n){fields{name}}}", "{__schema{types{fields{name}}}}"),
        ("{__schema{types{name @skip(if:true)}}}", "{__schema{types{name}}}"),
        ("{...F ...F} fragment F on Query{__schema{types{name}}}", "{__schema{types{name}}}"),
        ("{__schema{...A}} fragment A on __Schema{types{name} ...A ...Gone}", "{__schema{types{name}}}"),
        ("{__schema{nothing{name} types{name}}}", "{__schema{nothing types{name}}}"),
        ("{other{__schema{types{name}}}}", "{__schema{types{name}}}"),
        ("type T {a: Int} query {__schema{types{name}}}", "{__schema{types{name}}}"),
        ("{__schema __type}", "{__schema}"),
    ],
    ids=["variable", "condition", "spread twice", "cycle", "unknown field", "below a field", "definition", "no fields"],
)
def test_what_cannot_be_known_counts_as_answered(text: str, same: str) -> None:
    assert cost(text) >= cost(same)


def test_typename_is_free() -> None:
    Introspection(SCHEMA, is_allowed=False, max_values=0).check(parse("{__typename other{__typename}}"))


@pytest.mark.parametrize("text", ["{__schema{types{name}}}", '{kind ...F} fragment F on Query{__type(name:"A"){name}}'])
def test_where_it_is_off_nobody_gets_the_schema(text: str) -> None:
    with pytest.raises(IntrospectionDisabled):
        Introspection(SCHEMA, is_allowed=False, max_values=10**6).check(parse(text))


@pytest.mark.parametrize("text", [BOMB, DEEP], ids=["wide", "deep"])
def test_a_small_document_that_asks_for_very_much_is_refused(text: str) -> None:
    schema = create_schema()._schema
    with pytest.raises(LimitExceeded, match=f"more than {LIMITS.introspection_values} values"):
        Introspection(schema, is_allowed=True, max_values=LIMITS.introspection_values).check(parse(text))


def test_the_fullest_query_of_tools_is_allowed() -> None:
    schema = create_schema()._schema
    Introspection(schema, is_allowed=True, max_values=LIMITS.introspection_values).check(parse(FULLEST))


def test_no_field_of_the_schema_leads_back_to_the_root() -> None:
    # Introspection below a list of roots would be counted once and answered many times.
    schema = create_schema()._schema
    fields = [field for kind in schema.type_map.values() for field in getattr(kind, "fields", {}).values()]
    assert [field for field in fields if str(field.type).strip("[]!") == "Query"] == []


def test_only_an_operation_without_other_fields_is_introspection() -> None:
    def asks(text: str) -> bool:
        return is_introspection(parse(text).definitions[0])  # type: ignore[arg-type]  # an operation

    assert asks("{__schema{types{name}} __typename}")
    assert not asks("{__typename}")
    assert not asks("{__schema{types{name}} other}")
    assert not asks("{__schema{types{name}} ...F}")


async def answered(
    executor: GraphQLEngine, text: str, variables: dict[str, object] | None = None
) -> tuple[object, object]:
    operation = executor.operation(text, None)
    result = await executor.execute(operation, variables, Scene().context())
    assert result.errors == ()
    return result.data, result.execution


@pytest.mark.parametrize("text", [FULLEST, 'query($n:String!="Badge"){__type(name:$n){name fields{name}}}'])
async def test_the_same_question_is_answered_from_memory(text: str) -> None:
    executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True)
    first, how = await answered(executor, text)
    again, how_again = await answered(executor, text)
    assert (how, how_again) == (Execution.REFERENCE, Execution.CACHED)
    assert again == first


async def test_other_variables_are_another_question() -> None:
    executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True)
    text = "query($n:String!){__type(name:$n){name}}"
    for name in ("Badge", "Query", "Badge"):
        data, _ = await answered(executor, text, {"n": name})
        assert data == {"__type": {"name": name}}


async def test_what_failed_is_not_kept() -> None:
    executor = GraphQLEngine(document_bytes=2**20, allow_suggestions=True)
    text = 'query($d:Boolean=true){__type(name:"Query"){fields(includeDeprecated:$d){name}}}'
    for _ in range(2):
        result = await executor.execute(executor.operation(text, None), {"d": None}, Scene().context())
        assert (bool(result.errors), result.execution) == (True, Execution.REFERENCE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{__type(name:"Query"){isOneOf fields{type{isOneOf}}}}', {None}),
        ('{__type(name:"ClaimOfferChainStepInput"){isOneOf inputFields{type{isOneOf}}}}', {False, None}),
    ],
)
async def test_only_inputs_say_whether_they_take_one_of_their_fields(text: str, told: set[object]) -> None:
    data, _ = await answered(GraphQLEngine(document_bytes=2**20, allow_suggestions=True), text)
    assert set(found(data, "isOneOf")) == told


def found(data: object, key: str) -> Iterator[object]:
    """All values under a key, at any depth."""
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from found(one, key)
    if isinstance(data, dict) and key in data:
        yield data[key]


def operation(number: int) -> Operation:
    return Operation(f"# {number}\n{FULLEST}", None, OperationType.QUERY, 1)


def test_a_kept_answer_weighs_no_more_than_it_is_charged() -> None:
    answers = SchemaAnswers(max_bytes=10**9)
    encoded = json.dumps(create_schema().introspect())
    answers.keep(operation(0), None, json.loads(encoded))
    tracemalloc.start()
    before, charged = tracemalloc.get_traced_memory()[0], answers.charged_bytes
    for number in range(1, 11):
        answers.keep(operation(number), {}, json.loads(encoded))
    weight = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert weight <= answers.charged_bytes - charged


def test_kept_answers_stay_within_their_bytes() -> None:
    answers = SchemaAnswers(max_bytes=20_000)
    answers.keep(operation(0), None, {"text": "x" * 100_000})
    assert answers.charged_bytes == 0
    for number in range(10):
        answers.keep(operation(number), None, {"text": "x"})
        assert 0 < answers.charged_bytes <= 20_000
    assert answers.find(operation(0), None) is None
    assert answers.find(operation(9), None) == {"text": "x"}
