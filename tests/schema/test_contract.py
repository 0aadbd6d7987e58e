"""What every client of the schema can rely on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_list_type,
    is_non_null_type,
    is_specified_scalar_type,
)

from gateway.errors.codes import ErrorCode
from gateway.schema import create_schema
from gateway.schema.fields import FIXED_SET, SET_WITH_OTHER
from tests.support.paths import DOCS, REPOSITORY

SDL = create_schema().as_str() + "\n"
TYPES: list[GraphQLNamedType] = [
    kind
    for kind in build_schema(SDL).type_map.values()
    if not is_introspection_type(kind) and not is_specified_scalar_type(kind)
]
OBJECTS = [kind for kind in TYPES if isinstance(kind, GraphQLObjectType)]

# Words that generators for C#, C++, Kotlin and Swift would have to escape.
RESERVED = set((Path(__file__).parent / "reserved_words.txt").read_text().split())


def described() -> Iterator[tuple[str, str | None]]:
    for kind in TYPES:
        yield kind.name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{kind.name}.{name}", value.description) for name, value in kind.values.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            yield from ((f"{kind.name}.{name}", field.description) for name, field in kind.fields.items())


def names() -> Iterator[str]:
    for kind in TYPES:
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            yield from kind.fields
        if isinstance(kind, GraphQLObjectType):
            yield from (name for field in kind.fields.values() for name in field.args)
        if isinstance(kind, GraphQLEnumType):
            yield from kind.values


def test_the_committed_schema_is_what_the_code_says() -> None:
    assert (REPOSITORY / "schema.graphql").read_text() == SDL, "run: gateway schema > schema.graphql"


@pytest.mark.parametrize(("name", "text"), list(described()), ids=lambda value: str(value)[:40])
def test_everything_is_described(name: str, text: str | None) -> None:
    assert text, name
    assert text.strip().endswith((".", "`")), f"{name}: a sentence"


def test_no_name_is_reserved_in_a_client_language() -> None:
    assert RESERVED.isdisjoint(names())


def test_the_output_has_no_unions_and_no_interfaces() -> None:
    assert not [kind for kind in TYPES if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType)]


def test_list_items_are_never_null() -> None:
    for kind in OBJECTS:
        for name, field in kind.fields.items():
            inner = field.type.of_type if is_non_null_type(field.type) else field.type
            if is_list_type(inner):
                assert is_non_null_type(inner.of_type), f"{kind.name}.{name}"


def test_every_mutation_takes_one_input_and_answers_one_payload_with_user_errors() -> None:
    mutation = next(kind for kind in OBJECTS if kind.name == "Mutation")
    for name, field in mutation.fields.items():
        stem = name[0].upper() + name[1:]
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        assert payload.name == f"{stem}Payload"
        assert str(payload.fields["userErrors"].type) == "[UserError!]!"
        # Where nothing is needed, the input may be left out.
        assert {arg: str(one.type).rstrip("!") for arg, one in field.args.items()} == {"input": f"{stem}Input"}
        (taken,) = field.args.values()
        kind = get_named_type(taken.type)
        assert isinstance(kind, GraphQLInputObjectType)
        fields = dict(kind.fields)
        assert str(fields.pop("idempotencyKey").type) == "String"
        fields.pop("locale", None)
        assert is_non_null_type(taken.type) is bool(fields)
        assert not is_non_null_type(field.type), "a mutation that fails must leave its neighbours' answers"


def output_enums() -> dict[str, GraphQLEnumType]:
    return {
        kind.name: kind
        for parent in OBJECTS
        for field in parent.fields.values()
        if isinstance(kind := get_named_type(field.type), GraphQLEnumType)
    }


@pytest.mark.parametrize("name", output_enums())
def test_every_enum_of_the_output_says_how_it_grows(name: str) -> None:
    kind = output_enums()[name]
    text = kind.description or ""
    if "OTHER" not in kind.values:
        assert text.endswith(FIXED_SET)
        return
    _, promise, rest = text.partition(SET_WITH_OTHER)
    assert promise
    assert rest == "." or re.fullmatch(r", and `(\w+)` names it\.", rest)


@pytest.mark.parametrize("name", output_enums())
def test_an_upstream_s_word_stands_beside_its_enum(name: str) -> None:
    raw = re.search(r"and `(\w+)` names it", output_enums()[name].description or "")
    places = [kind for kind in OBJECTS if any(get_named_type(one.type).name == name for one in kind.fields.values())]
    assert raw is None or all(raw[1] in kind.fields for kind in places)


def test_sets_of_our_own_that_may_grow_have_other() -> None:
    growing = {"StepState", "NextAction", "UserErrorCode", "ChangeReason"}
    assert growing <= {name for name, kind in output_enums().items() if "OTHER" in kind.values}


def test_ids_are_opaque_and_never_numbers() -> None:
    for kind in OBJECTS:
        for name, field in kind.fields.items():
            if name == "id" or name.endswith("Id"):
                assert get_named_type(field.type).name in {"ID", "BigInt"}, f"{kind.name}.{name}"
                assert get_named_type(field.type).name == "ID" or name in {"upstreamId", "itemId"}


def test_deprecations_say_what_to_use_and_until_when() -> None:
    reasons = [
        one.deprecation_reason
        for kind in OBJECTS
        for field in kind.fields.values()
        for one in (field, *field.args.values())
        if isinstance(one, GraphQLField | GraphQLArgument) and one.deprecation_reason
    ]
    assert all("Use `" in reason and "Removal on 20" in reason for reason in reasons)


def test_the_error_codes_are_those_of_the_page_on_errors() -> None:
    page = (DOCS / "errors.md").read_text()
    assert [code.value for code in ErrorCode if f"`{code.value}`" not in page] == []


def test_the_three_kinds_of_chains_name_alike_what_they_share() -> None:
    known = build_schema(SDL).type_map
    kinds = [set(known[name].fields) for name in ("OfferChain", "RewardChain", "DailyChain")]  # type: ignore[attr-defined]
    assert sorted(set.intersection(*kinds)) == [
        *("ageSeconds", "claimableCount", "claimedCount", "description", "id", "isCompleted", "isStale", "name"),
        *("nextAction", "nextStep", "position", "progressPercent", "schedule", "steps"),
    ]
