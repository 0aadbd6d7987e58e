"""Generated documents over any schema: merged fields, aliases, fragments, directives, arguments and variables."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_non_null_type,
    is_object_type,
)
from hypothesis import strategies as st

MAX_DEPTH = 5
MISSING = "missing"
"""Stands for a variable that is not sent."""

Literals = Callable[[GraphQLArgument], Sequence[str]]
"""Literals to write for an argument."""


@dataclass(frozen=True)
class Document:
    """A document and what may be sent for its variables: for each, values that fit and values that do not."""

    text: str
    variables: Mapping[str, Sequence[object]]


@dataclass
class Writer:
    """Writes one document of about `size` parts at random."""

    schema: GraphQLSchema
    literals: Literals
    values: Sequence[object]
    random: Random
    size: int
    seldom: Collection[str] = ()
    declarations: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Sequence[object]] = field(default_factory=dict)
    fragments: list[tuple[str, GraphQLNamedType, str]] = field(default_factory=list)

    def pick(self, below: int) -> int:
        return self.random.randrange(below)

    def write(self) -> Document:
        root = self.schema.query_type
        assert root is not None
        return self.document("query", self.selection(root, 0))

    def write_subscription(self, name: str) -> Document:
        """A subscription to a field that has no arguments."""
        root = self.schema.subscription_type
        assert root is not None
        kind = get_named_type(root.fields[name].type)
        return self.document("subscription", f"{{ {name} {self.selection(kind, 1)} }}")

    def document(self, operation: str, body: str) -> Document:
        fragments = "".join(f"\nfragment {name} on {kind.name} {text}" for name, kind, text in self.fragments)
        declared = ", ".join(f"${name}: {kind}" for name, kind in self.declarations.items())
        head = f"{operation} Q({declared}) " if declared else f"{operation} Q "
        return Document(head + body + fragments, self.variables)

    def selection(self, kind: GraphQLNamedType, depth: int) -> str:
        parts = [self.part(kind, depth)]
        while self.size > 0 and self.pick(4):
            parts.append(self.part(kind, depth))
        return f"{{ {' '.join(parts)} }}"

    def part(self, kind: GraphQLNamedType, depth: int) -> str:
        self.size -= 1
        choice = self.pick(12)
        if choice == 0 and depth < MAX_DEPTH:
            inner = self.narrowed(kind)
            condition = "" if inner is kind and self.pick(2) else f" on {inner.name}"
            return f"...{condition}{self.directives()} {self.selection(inner, depth + 1)}"
        if choice == 1 and depth < MAX_DEPTH:
            return f"...{self.fragment(self.narrowed(kind), depth)}{self.directives()}"
        if choice == 2 or not hasattr(kind, "fields"):
            return ("", "t: ", "u: ")[self.pick(3)] + "__typename" + self.directives()
        if choice == 3 and kind is self.schema.query_type and self.pick(4) == 0:
            return '__schema { queryType { name } } __type(name: "Query") { name kind }'
        fields: Mapping[str, GraphQLField] = kind.fields
        names = [
            name for name, one in fields.items() if depth < MAX_DEPTH or not is_composite_type(get_named_type(one.type))
        ]
        if not names:
            return "__typename"
        name = names[self.pick(len(names))]
        if name in self.seldom and self.pick(20):
            return "__typename"
        return self.field(name, fields[name], depth)

    def field(self, name: str, definition: GraphQLField, depth: int) -> str:
        arguments, mark = self.arguments(definition)
        # The same alias always means the same arguments, so that fields merge and do not conflict.
        alias = f"{name}_{mark}: " if mark else ("", "", "", f"{name}_again: ")[self.pick(4)]
        named = get_named_type(definition.type)
        inside = f" {self.selection(named, depth + 1)}" if is_composite_type(named) else ""
        return f"{alias}{name}{arguments}{self.directives()}{inside}"

    def arguments(self, definition: GraphQLField) -> tuple[str, str]:
        if not definition.args:
            return "", ""
        given, marks = [], []
        for name, argument in definition.args.items():
            if name in self.seldom and not is_non_null_type(argument.type) and self.pick(12):
                continue
            literals = self.literals(argument)
            choice = self.pick(len(literals) + 3)
            if choice < len(literals):
                given.append(f"{name}: {literals[choice]}")
                marks.append(str(choice))
            elif choice == len(literals) and not is_non_null_type(argument.type):
                marks.append("x")
            else:
                given.append(f"{name}: {self.variable(argument, choice % 2)}")
                marks.append("ab"[choice % 2])
        return (f"({', '.join(given)})" if given else ""), "_".join(marks)

    def variable(self, argument: GraphQLArgument, number: int) -> str:
        kind = str(argument.type)
        name = "v" + "".join(letter if letter.isalnum() else "_" for letter in kind) + str(number)
        default = f" = {self.literals(argument)[0]}" if number else ""
        self.declarations[name] = kind + default
        # What may stand in the document is usual in a variable too; most other values of its kind are refused.
        self.variables[name] = [*map(_value, self.literals(argument)), *self.values]
        return f"${name}"

    def directives(self) -> str:
        choice = self.pick(14)
        if choice > 4:
            return ""
        if choice < 2:
            return (" @skip(if: false)", " @include(if: true)")[choice]
        name, kind = (("c", "Boolean!"), ("d", "Boolean! = true"), ("e", "Boolean = false"))[choice - 2]
        self.declarations[name] = kind
        self.variables[name] = (*(True, False) * 8, MISSING, None, "yes", 1)
        return (f" @skip(if: ${name})", f" @include(if: ${name})")[self.pick(2)]

    def fragment(self, kind: GraphQLNamedType, depth: int) -> str:
        known = [name for name, of, _ in self.fragments if of is kind]
        if known and self.pick(2):
            return known[self.pick(len(known))]
        text = self.selection(kind, depth + 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append((name, kind, text))
        return name

    def narrowed(self, kind: GraphQLNamedType) -> GraphQLNamedType:
        """The type itself, or one that may stand for it."""
        if is_abstract_type(kind):
            possible: list[GraphQLNamedType] = [kind, *self.schema.get_possible_types(kind)]
            return possible[self.pick(len(possible))]
        assert is_object_type(kind)
        wider: list[GraphQLNamedType] = [kind, *kind.interfaces]
        return wider[self.pick(len(wider))]


def _value(literal: str) -> object:
    """What a literal comes to in a request's variables; the name of an enum's value is a text there."""
    try:
        return json.loads(literal)
    except ValueError:
        return literal


@st.composite
def documents(
    draw: Any, schema: GraphQLSchema, literals: Literals, values: Sequence[object], seldom: Collection[str] = ()
) -> Document:
    """Documents of a schema, most of them valid; `values` are sent for variables that stand for arguments.

    Fields and optional arguments named in `seldom` are rare.
    """
    size, seed = draw(st.integers(1, 40)), draw(st.integers(0, 2**32))
    return Writer(schema, literals, values, Random(seed), size, seldom).write()


@st.composite
def subscriptions(
    draw: Any, schema: GraphQLSchema, literals: Literals, values: Sequence[object], name: str
) -> Document:
    """Subscriptions to one field."""
    size, seed = draw(st.integers(1, 40)), draw(st.integers(0, 2**32))
    return Writer(schema, literals, values, Random(seed), size).write_subscription(name)


@st.composite
def sent(draw: Any, document: Document) -> dict[str, object]:
    """What is sent for the variables of a document."""
    chosen = {name: draw(st.sampled_from(values)) for name, values in document.variables.items()}
    return {name: value for name, value in chosen.items() if value is not MISSING}
