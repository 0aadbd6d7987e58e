"""A schema that is not the gateway's: abstract types, lists of lists, chains of non-null, all kinds of resolvers."""

from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, NewType

import strawberry
from graphql import GraphQLArgument, Undefined
from hypothesis import strategies as st
from strawberry.directive import DirectiveLocation
from strawberry.extensions import FieldExtension
from strawberry.schema.config import StrawberryConfig

from gateway.schema.fields import computed, read


@strawberry.enum
class Colour(Enum):
    RED = "r"
    BLUE = "b"


@strawberry.enum
class Shade(Enum):
    DARK = strawberry.enum_value("d", name="GLOOMY")
    LIGHT = "l"


@dataclass
class Shelf:
    """The context: what the root fields find, and partial_errors as the gateway's context has them."""

    values: dict[str, Any]
    partial_errors: list[object] = field(default_factory=list)

    def give(self, name: str) -> Any:
        value = self.values[name]
        if isinstance(value, LookupError):
            raise value
        return value


Info = strawberry.Info[Shelf, None]
Mark = NewType("Mark", str)


class Shouting(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **arguments: Any) -> Any:
        return next_(source, info, **arguments).upper()


@strawberry.input
class Wanted:
    colour: Colour = Colour.RED
    numbers: list[int] = strawberry.field(default_factory=lambda: [1])


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Cat(Named):
    lives: int


@strawberry.type
class Dog(Named):
    tricks: list[str]


def prepare(node: "Node") -> Awaitable[None] | None:
    if node.note is None:
        return None
    if node.note == "cannot":
        raise LookupError("cannot be prepared")

    async def ask() -> None:
        if node.note == "bad":
            raise LookupError("not prepared")

    return ask()


@strawberry.type
class Node:
    text: str
    note: str | None
    count: int
    share: float | None
    flag: bool
    key: strawberry.ID
    colour: Colour
    shade: Shade | None
    grid: list[list[int]]
    loose: list[list[int | None] | None] | None
    next: "Node | None"
    rows: list[list["Node"]] | None

    @strawberry.field
    def shout(self, times: int = 1, colour: Colour | None = None) -> str:
        return self.text * times + (colour.name if colour else "")

    @strawberry.field
    def again(self, info: Info) -> "Node":
        if self.flag is True and self.next is None:
            raise LookupError(
                ".".join(map(str, info.path.as_list())) + info.field_name + str(len(info.selected_fields))
            )
        return self

    @strawberry.field
    async def late(self) -> "Node | None":
        if isinstance(self.next, LookupError):
            raise self.next
        return self.next

    @strawberry.field
    async def needed(self) -> "Node":
        return self.next  # type: ignore[return-value]

    @strawberry.field
    def stream(self) -> list[str]:
        return (letter for letter in self.text)  # type: ignore[return-value]

    @strawberry.field
    async def late_stream(self) -> list["Node"]:
        def nodes() -> Iterator[Node]:
            yield from self.rows[0] if self.rows else [self]
            if self.note == "bad":
                raise LookupError("the stream breaks")

        return nodes()  # type: ignore[return-value]

    @strawberry.field(extensions=[Shouting()])  # type: ignore[untyped-decorator]  # strawberry's own loses the type
    def loud(self) -> str:
        return self.text

    @strawberry.field(graphql_type=list[int])  # type: ignore[untyped-decorator]  # strawberry's own loses the type
    async def ticks(self) -> AsyncIterator[int]:
        yield 1
        yield 2

    @computed(description="", after=prepare)
    @staticmethod
    def prepared(root: strawberry.Parent["Node"]) -> str | None:
        if root.note in {"bad", "cannot"}:
            raise LookupError("not prepared")
        return root.note

    @computed(description="", graphql_type=Annotated["Node", strawberry.lazy(__name__)] | None, after=prepare)
    @staticmethod
    def after(root: strawberry.Parent["Node"]) -> object:
        return root.next


@strawberry.type
class Reserved:
    """A type with an attribute that code cannot name."""

    class_: str = read("class", "")


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def louder(value: str) -> str:
    return value.upper()


@strawberry.type
class Empty:
    @strawberry.field
    def nothing(self) -> str | None:
        return None


@strawberry.type
class Query:
    @strawberry.field
    def node(self, info: Info) -> Node:
        return info.context.give("node")  # type: ignore[no-any-return]

    @strawberry.field
    async def late_node(self, info: Info) -> Node | None:
        return info.context.give("late_node")  # type: ignore[no-any-return]

    @strawberry.field
    async def nodes(self, info: Info) -> list[Node | None] | None:
        return info.context.give("nodes")  # type: ignore[no-any-return]

    @strawberry.field
    async def empties(self, info: Info) -> list[Empty | None] | None:
        return info.context.give("empties")  # type: ignore[no-any-return]

    @strawberry.field
    def empty(self, info: Info) -> Empty:
        return info.context.give("empty")  # type: ignore[no-any-return]

    @strawberry.field
    async def found(self, wanted: Wanted, numbers: list[int | None] = [1]) -> list[str]:  # noqa: B006 - strawberry copies it
        return [wanted.colour.name, *map(str, wanted.numbers), *map(str, numbers)]

    @strawberry.field
    def reserved(self) -> Reserved | None:
        return None

    @strawberry.field
    async def mark(self, info: Info) -> Mark | None:
        return info.context.give("mark")  # type: ignore[no-any-return]

    @strawberry.field
    def named(self, info: Info) -> Named | None:
        return info.context.give("named")  # type: ignore[no-any-return]

    @strawberry.field
    def either(self, info: Info) -> Cat | Dog | None:
        return info.context.give("named")  # type: ignore[no-any-return]

    @strawberry.field
    def dog(self, info: Info) -> Dog | None:
        return info.context.give("named")  # type: ignore[no-any-return]


class Schema(strawberry.Schema):
    def process_errors(self, *_: object, **__: object) -> None:
        """Tests look at errors themselves."""

    def _extend_introspection(self) -> None:
        """Leave the types of introspection, which all schemas of a process share, as the gateway's schema has them."""


SCHEMA = Schema(
    Query,
    types=[Cat, Dog],
    config=StrawberryConfig(
        scalar_map={Mark: strawberry.scalar(name="Mark", serialize=lambda mark: None if mark == "void" else mark)}
    ),
)

LOUD_SCHEMA = Schema(Query, types=[Cat, Dog], directives=[louder], config=SCHEMA.config)

broken = st.sampled_from((LookupError("lost"), ValueError("given, not raised")))
odd: st.SearchStrategy[Any] = st.sampled_from((None, Undefined, 5, 2**40, 1.5, True, "7", [1], float("nan"))) | broken


def mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Usual values, and now and then an odd one."""
    return st.integers(0, 11).flatmap(lambda number: odd if number == 0 else usual)


def _nodes(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    numbers = st.integers(-3, 3)
    return st.builds(
        Node,
        text=mostly(st.sampled_from(("", "ab", "ü"))),
        note=st.sampled_from((None, None, "good", "bad", "cannot")),
        count=mostly(numbers),
        share=mostly(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
        flag=mostly(st.booleans()),
        key=mostly(st.sampled_from(("k", 7))),
        colour=mostly(st.sampled_from((*Colour, "r"))),
        shade=mostly(st.none() | st.sampled_from(Shade)),
        grid=mostly(st.lists(mostly(st.lists(mostly(numbers), max_size=2)), max_size=2)),
        loose=mostly(
            st.none() | st.lists(st.none() | st.lists(st.none() | numbers, max_size=2).map(tuple), max_size=2)
        ),
        next=inner,
        rows=st.none() | st.lists(st.lists(inner, max_size=2), min_size=1, max_size=2),
    )


nodes = mostly(_nodes(mostly(_nodes(st.none()))) | st.none())
shelves = st.fixed_dictionaries(
    {
        "node": nodes,
        "late_node": nodes,
        "nodes": mostly(st.lists(nodes, max_size=2) | st.none()),
        "empties": mostly(st.lists(st.builds(Empty) | odd, max_size=3)),
        "mark": mostly(st.sampled_from(("void", "x", None))),
        "empty": mostly(st.builds(Empty)),
        "named": mostly(st.sampled_from((Cat(name="Tom", lives=9), Dog(name="Rex", tricks=["sit"]), None))),
    }
)


def literals(argument: GraphQLArgument) -> Sequence[str]:
    kind = str(argument.type).rstrip("!")
    return {
        "Int": ["2", "0"],
        "Colour": ["RED", "BLUE"],
        "[Int]": ["[1, null, 3]", "5"],
        "Wanted": ["{}", "{colour: BLUE, numbers: [4]}", "{numbers: 3}"],
    }[kind]


UNCOVERED = ("named", "either", "dog", "loud", "ticks", "reserved")
"""Fields that are handed over; with many of them, little would be compared."""
