"""What a setting is: a field with its parser, what it takes in the words of JSON Schema, and its meaning."""

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar

T = TypeVar("T")

PREFIX = "GATEWAY_"

FILE = "_FILE"
"""The end of the variable that names the file of a secret: `GATEWAY_TOKEN_SECRET_FILE`."""


@dataclass(frozen=True, slots=True)
class Parser(Generic[T]):
    """Makes a value of a setting's text. Raises SettingError with what the setting takes, never the value.

    `schema` says the same in JSON Schema, for values that are written as text, as numbers, or as true and false.
    """

    read: Callable[[str], T]
    schema: Mapping[str, Any]

    def __call__(self, text: str) -> T:
        """The value."""
        return self.read(text)


def takes(**schema: Any) -> Callable[[Callable[[str], T]], Parser[T]]:
    """Make a parser of a function that reads what `schema` says."""
    return lambda read: Parser(read, schema)


def setting(
    parse: Callable[[str], T], meaning: str, default: object = None, *, required: bool = False, secret_lines: int = 0
) -> Any:
    """A field of `Settings`, with the parser of its text and its meaning for the documentation.

    A secret has `secret_lines`: how many lines its file may have. Two are the new and the old one while it is changed.
    """
    metadata = {"parse": parse, "meaning": meaning, "required": required, "secret_lines": secret_lines}
    return field(default=default, metadata=metadata)


def variable(one: "Field[Any]") -> str:
    """The name of a setting's variable."""
    return PREFIX + one.name.upper()


def is_secret(one: "Field[Any]") -> bool:
    """Whether a setting's value is shown to nobody."""
    return bool(one.metadata["secret_lines"])


def schema_of(one: "Field[Any]") -> dict[str, Any]:
    """What a setting takes."""
    parse = one.metadata["parse"]
    return dict(parse.schema) if isinstance(parse, Parser) else {"type": "string"}


def default_text(one: "Field[Any]") -> str:
    """A setting's default as one writes it into the environment; empty where it is unset."""
    match one.default:
        case bool(is_on):
            return "on" if is_on else "off"
        case Enum(value=value) | (int(value) | str(value)):
            return str(value)
        case float(number):
            return f"{number:g}"
        case tuple(parts):
            return ",".join(parts)
    return ""
