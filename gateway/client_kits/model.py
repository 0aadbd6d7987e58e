"""What client code is made of, without a language: operations, and the types of what they send and get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value is."""

    SCALAR = "scalar"
    ENUM = "enum"
    OBJECT = "object"
    INPUT = "input"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of one value. `name` is that of the scalar, enumeration, selection or input; a list has `item`."""

    kind: Kind
    name: str
    is_nullable: bool
    item: "ValueType | None" = None

    @property
    def leaf(self) -> "ValueType":
        """The type inside of all lists."""
        return self.item.leaf if self.item else self

    @property
    def as_texts(self) -> "ValueType":
        """The type of an enumeration's texts, in the same lists."""
        if self.item is None:
            return ValueType(Kind.SCALAR, "String", self.is_nullable)
        return ValueType(self.kind, self.name, self.is_nullable, self.item.as_texts)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer or of an input; `name` is the key in JSON."""

    name: str
    type: ValueType
    description: str = ""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """What one selection of an operation gives (named for the way to it: `HomeViewerBadge`), or an input."""

    name: str
    fields: Sequence[Field]
    description: str = ""


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One value of an enumeration, as it is on the wire."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enumeration. A server that is newer than the game may send a value that is not here."""

    name: str
    values: Sequence[EnumValue]
    description: str


@dataclass(frozen=True, slots=True)
class Write:
    """What a mutation needs to be sent again safely.

    `payload` is the key of its one field in the answer, which has `userErrors { code }`. `key_variable` carries the
    idempotency key, `cycle_variable` the cycle in which the player decided (None where it takes none). `is_order` says
    that it can make an order: such a write is never sent again once its key is forgotten.
    """

    payload: str
    key_variable: str
    cycle_variable: str | None
    is_order: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """A query, mutation or subscription with its trusted document.

    `id` is the SHA-256 of `text` in hex, which `gateway documents extract` gives it too. `data` is the type of its
    answer. `roots` has the fields at its top by their keys in the answer, and `server_time` the key of the gateway's
    time, if it asks for that. `write` is what a mutation has beside.
    """

    name: str
    kind: str
    text: str
    id: str
    variables: Sequence[Field]
    data: ObjectType
    roots: Mapping[str, str]
    server_time: str | None
    write: Write | None

    @property
    def is_screen(self) -> bool:
        """Whether it shows the player's things: its last good answer is kept, to be shown without a network."""
        return self.kind == "query" and "viewer" in self.roots.values()


@dataclass(frozen=True, slots=True)
class OrderWatch:
    """The operations that tell what became of the order `$id`; `wait` takes the status that is shown as `$after`.

    Each has `id`, `status` and `isTerminal` in its one field at the top.
    """

    subscription: Operation
    wait: Operation
    read: Operation


@dataclass(frozen=True, slots=True)
class Kit:
    """All of it: the operations by name, and the types that they use, each once and in a settled order.

    `clock` is the shortest query that needs no variables and asks for the gateway's time.
    """

    operations: Sequence[Operation]
    objects: Sequence[ObjectType]
    enums: Sequence[EnumType]
    inputs: Sequence[ObjectType]
    order_watch: OrderWatch
    clock: Operation
