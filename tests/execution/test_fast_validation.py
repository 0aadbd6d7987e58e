"""What the fast validation calls valid is valid by graphql-core's rules."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
import strawberry
from graphql import GraphQLArgument, GraphQLError, GraphQLSchema, build_schema, parse, validate
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from gateway.execution.documents import RULES
from gateway.execution.fast_validation import MAX_REPETITIONS, MAX_SELECTION_SETS, FastValidator
from gateway.schema import GatewaySchema
from tests.support.differential import SCHEMA as OURS
from tests.support.differential import SEED, VALUES, literals
from tests.support.foreign_schema import SCHEMA as FOREIGN
from tests.support.foreign_schema import UNCOVERED
from tests.support.foreign_schema import literals as foreign_literals
from tests.support.generated_documents import Literals, documents
from tests.support.operations import HOME

CASES = int(os.environ.get("GATEWAY_FAST_VALIDATION_CASES", "6000"))
"""Mutated documents in all. A long run sets the variable."""

MUTANTS_IN_ONE = 20
"""Mutants of each document."""

VOCABULARY = """{ } ( ) : ! $ @ [ ] ... = query mutation subscription fragment on true false null 1 -5 2.5 3000000000
"x" A Z @skip(if:true) @include(if:$on) @skip @loud @defer Node name node(id:1) id:"y" $id:ID! $id $on:Boolean! F Q
Query Mutation Filter Named __typename __schema{queryType{name}} kind:A kind:B count:4 filter:{text:$id}
filter:{least:1} a: b: ...F fragment F on Node{name} query Q{name}"""
"""What comes in the place of a token."""

SCHEMA = build_schema("""
    directive @loud on FIELD
    directive @quiet on QUERY | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
    scalar CacheGeneration
    enum Kind { A B }
    input Filter { text: String!, least: Int! = 1, kind: Kind, inner: Filter, names: [String!] }
    input One @oneOf { a: Int, b: String }
    interface Named { name: String }
    type Node implements Named { name: String, id: ID!, next: Node, nodes: [Node!]!, named: Named
        find(filter: Filter, kind: Kind = A, count: Int! = 3, ratio: Float, on: Boolean, names: [String!],
             stamp: CacheGeneration, one: One): Node }
    union Either = Node | Other
    type Other { name: String, note(id: ID): String }
    type Query { node(id: ID!): Node, other: Other, named: Named, either: Either, name: String, count: Int! }
    type Mutation { change(filter: Filter!): Node }
    type Subscription { changed: Node }
""")


def fitting(argument: GraphQLArgument) -> Sequence[str]:
    return {
        "Filter": ['{text: "a"}', '{text: "", kind: A, inner: {text: ""}}'],
        "ID": ["1", '"a"'],
        "Int": ["3", "0"],
        "Kind": ["A", "B"],
        "One": ["{a: 1}"],
    }.get(str(argument.type).rstrip("!"), ["true"])


SIDES: dict[str, tuple[GraphQLSchema, Literals]] = {
    "ours": (OURS, literals),
    "foreign": (FOREIGN._schema, foreign_literals),
    "all constructs": (SCHEMA, fitting),
}

USUAL = {
    "fields, aliases and names of types": "{ a: name name name t: __typename node(id: 1) { next { nodes { id } } } }",
    "fields that are merged": '{ node(id: "1") { name } node(id: "1") { name next { name } next { id } } }',
    "several operations": "query A { name } query B { ...F } mutation C { change(filter: {text: \"\"}) { ...G } } "
    "fragment F on Query { node(id: 1) { ...G } count } fragment G on Node { name }",
    "fragments in fragments": "{ node(id: 1) { ...A ...B } } fragment A on Node { ...B } fragment B on Node { id }",
    "inline fragments": "{ ... { name } ... on Query @include(if: true) { count } other { ... on Other { name } } }",
    "conditions": "query Q($on: Boolean!, $off: Boolean = false) { name @skip(if: $on) @include(if: $off) "
    "...F @include(if: $on) } fragment F on Query { count @skip(if: $off) }",
    "variables": "query Q($id: ID!, $f: Filter, $k: Kind!, $n: Int = 4, $names: [String!]!) "
    "{ node(id: $id) { find(filter: $f, kind: $k, count: $n, names: $names) { id } } }",
    "literals": '{ node(id: 7) { find(kind: B, ratio: 1, on: true, count: 2, names: "one", stamp: 1.5) { id } } }',
    "input objects": 'query Q($t: String!, $f: Filter = {text: "a"}) { node(id: 1) { '
    "find(filter: {text: $t, kind: A, inner: {text: \"b\", inner: $f}}) { id } } }",
}  # fmt: skip

UNUSUAL = {
    "interfaces": "{ named { name } }",
    "unions": "{ either { __typename } }",
    "a fragment on an interface": "{ node(id: 1) { ... on Named { name } } }",
    "the schema": '{ __schema { queryType { name } } __type(name: "Node") { name } }',
    "a subscription": "subscription { changed { id } }",
    "null": "{ node(id: 1) { find(kind: null) { id } } }",
    "a list": '{ node(id: 1) { find(names: ["a"]) { id } } }',
    "an input of one field": "{ node(id: 1) { find(one: {a: 1}) { id } } }",
    "directives of the schema's own": "query Q($id: ID! @quiet) @quiet { name @loud ...F } "
    "fragment F on Query @quiet { node(id: $id) { id } }",
    "a key that means different things elsewhere": "{ node(id: 1) { a: name } other { b: name } again: node(id: 1) "
    "{ next { a: id } } }",
    "a default for what may be null where it may not": "query Q($n: Int) { node(id: 1) { find(count: $n) { id } } }",
    "many repetitions": f"{{ {'name ' * (MAX_REPETITIONS + 2)}}}",
    "many selections": "{ node(id: 1) { "
    + "".join(f"a{number}: next {{ b{number}: id }} " for number in range(MAX_SELECTION_SETS)) + "} }",
}  # fmt: skip

WRONG = {
    "an unknown field": "{ nothing }",
    "a leaf with a selection": "{ name { length } }",
    "an object without a selection": "{ other }",
    "a name of a type with a selection": "{ __typename { name } }",
    "a name of a type with an argument": "{ __typename(a: 1) }",
    "an argument of a field that has none": "{ name(a: 1) }",
    "an unknown argument": "{ node(id: 1, b: 2) { id } }",
    "an argument twice": "{ node(id: 1, id: 1) { id } }",
    "an argument that is needed": "{ node { id } }",
    "a literal that does not fit": "{ node(id: 1.5) { id } }",
    "a value of no enumeration": "{ node(id: 1) { find(kind: C) { id } } }",
    "an object for a scalar": "{ node(id: {a: 1}) { id } }",
    "a field of an input that is needed": "{ node(id: 1) { find(filter: {least: 2}) { id } } }",
    "an unknown field of an input": '{ node(id: 1) { find(filter: {text: "", b: 1}) { id } } }',
    "a field of an input twice": '{ node(id: 1) { find(filter: {text: "", text: ""}) { id } } }',
    "an unknown directive": "{ name @what }",
    "a directive twice": "{ name @skip(if: true) @skip(if: true) }",
    "a directive without its argument": "{ name @skip }",
    "an unknown fragment": "{ ...F }",
    "a fragment of another type": "{ ...F } fragment F on Node { id }",
    "an inline fragment of another type": "{ ... on Node { id } }",
    "a fragment that is not used": "{ name } fragment F on Query { name }",
    "a fragment twice": "{ ...F } fragment F on Query { name } fragment F on Query { name }",
    "a fragment that spreads itself": "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "an operation's name twice": "query A { name } query A { name }",
    "an operation without a name beside another": "query A { name } { name }",
    "a type": "{ name } type A { name: String }",
    "a variable that is not declared": "{ node(id: $id) { id } }",
    "a variable that is not used": "query Q($id: ID!) { name }",
    "a variable twice": "query Q($id: ID!, $id: ID!) { node(id: $id) { id } }",
    "a variable of no type": "query Q($id: What!) { node(id: $id) { id } }",
    "a variable of an object": "query Q($id: Node!) { node(id: $id) { id } }",
    "a variable that may be null": "query Q($id: ID) { node(id: $id) { id } }",
    "a variable of another type": "query Q($id: Int!) { ...F } fragment F on Query { node(id: $id) { id } }",
    "a default that does not fit": 'query Q($n: Int = "a") { node(id: 1) { find(count: $n) { id } } }',
    "fields that cannot be merged": "{ a: name a: count }",
    "arguments that cannot be merged": "{ node(id: 1) { id } node(id: 2) { id } }",
    "fields that cannot be merged with a fragment's": "{ node(id: 1) { a: id ...F } } fragment F on Node { a: name }",
}


def errors(schema: GraphQLSchema, text: str) -> list[GraphQLError]:
    return validate(schema, parse(text), RULES)


def is_certain(schema: GraphQLSchema, text: str) -> bool:
    return FastValidator(schema).is_valid(parse(text))


@pytest.mark.parametrize("text", USUAL.values(), ids=USUAL)
def test_the_usual_is_valid_at_a_glance(text: str) -> None:
    assert errors(SCHEMA, text) == []
    assert is_certain(SCHEMA, text)


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_the_unusual_is_left_to_the_rules(text: str) -> None:
    assert not is_certain(SCHEMA, text)


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_the_wrong_is_left_to_the_rules(text: str) -> None:
    assert errors(SCHEMA, text) != []
    assert not is_certain(SCHEMA, text)


def test_an_operation_that_the_schema_does_not_have_is_left_to_the_rules() -> None:
    schema = build_schema("type Query { name: String }")
    assert not is_certain(schema, "mutation { name }")


def test_a_directive_that_the_schema_has_made_its_own_is_left_to_the_rules() -> None:
    schema = build_schema("directive @skip(when: Boolean!) on FIELD type Query { name: String }")
    assert not is_certain(schema, "{ name @skip(when: true) }")
    assert is_certain(schema, "{ name @include(if: true) }")


def test_an_input_of_one_field_as_strawberry_has_it_is_left_to_the_rules() -> None:
    @strawberry.input(one_of=True)
    class One:
        a: strawberry.Maybe[int]
        b: strawberry.Maybe[str]

    @strawberry.type
    class Query:
        @strawberry.field
        def find(self, one: One) -> int:
            return 1

    schema = GatewaySchema(Query)._schema
    text = "{ find(one: {a: 1}) }"
    assert not is_certain(schema, text)
    assert errors(schema, text) == []


def test_a_screen_is_valid_at_a_glance() -> None:
    assert is_certain(OURS, HOME)


def test_what_graphql_core_gives_up_on_is_not_certain() -> None:
    text = f"{{ {'name ' * 800}}}"
    assert [error.message for error in errors(SCHEMA, text)] == ["Validation aborted."]
    assert not is_certain(SCHEMA, text)


def test_what_is_certain_is_far_from_what_graphql_core_gives_up_on() -> None:
    spreads = "...F " * (MAX_REPETITIONS // 2)
    for text in (
        f"{{ {'name ' * (MAX_REPETITIONS + 1)}}}",
        f"{{ {'other { ...F } ' * (MAX_REPETITIONS // 2)}}} fragment F on Other {{ name }}",
        f"{{ {spreads} {spreads} }} fragment F on Query {{ name other {{ name }} }}",
    ):
        assert errors(SCHEMA, text) == []
        assert is_certain(SCHEMA, text)


def mutant(random: Random, text: str) -> str:
    """A document with some of its tokens lost, doubled, changed or exchanged."""
    tokens = re.findall(r'\.\.\.|"[^"]*"|[\w$@-]+|\S', text)
    for _ in range(random.randrange(1, 4)):
        place, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        change = random.randrange(6)
        if change == 0:
            tokens[place:place] = [tokens[other]]
        elif change == 1 and len(tokens) > 1:
            del tokens[place]
        elif change == 2:
            tokens[place], tokens[other] = tokens[other], tokens[place]
        elif change == 3:
            tokens[place] = tokens[other]
        elif change == 4:
            tokens[place:place] = [random.choice(VOCABULARY.split())]
        else:
            tokens[place] = random.choice(VOCABULARY.split())
    return " ".join(tokens)


def check(validator: FastValidator, schema: GraphQLSchema, text: str, told: Counter[str]) -> None:
    try:
        document = parse(text)
    except GraphQLError:
        told["no document"] += 1
        return
    found = validate(schema, document, RULES)
    if validator.is_valid(document):
        assert found == [], text
        told["certain"] += 1
    else:
        told["invalid" if found else "unusual"] += 1


@pytest.mark.slow
@pytest.mark.parametrize("name", SIDES)
def test_what_is_certain_has_no_errors(name: str) -> None:
    (schema, written_as), told = SIDES[name], Counter[str]()
    validator = FastValidator(schema)
    written = documents(schema, written_as, VALUES, UNCOVERED)
    chosen = st.sampled_from([*USUAL.values(), *UNUSUAL.values()]) if schema is SCHEMA else st.nothing()

    @seed(SEED)
    @settings(
        max_examples=max(1, CASES // MUTANTS_IN_ONE // len(SIDES)),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(chosen | written.map(lambda document: document.text), st.integers(0, 2**32))
    def run(text: str, number: int) -> None:
        random = Random(number)
        check(validator, schema, text, told)
        for _ in range(MUTANTS_IN_ONE):
            check(validator, schema, mutant(random, text), told)

    run()
    # Enough of each kind, so that what is compared means something.
    assert min(told["certain"], told["invalid"]) > CASES // 60
    assert told["unusual"] > 0
