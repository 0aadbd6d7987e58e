"""The schema as a page: each type with its fields, what they cost upstream, and an example with its response."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    NullValueNode,
    get_named_type,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from gateway.commands.schema_examples import Example, SchemaExamples

_HEAD = """# Schema reference

Every type, made from the schema itself. *Upstream calls* are those that a field adds to what reaches its type,
counted with the demo's project and an empty cache: a cached field costs none, and what two fields of one request need
is read once. In the responses, lists are cut to one entry.
"""


_NUMBER = re.compile(r"/[0-9]+(?=/|$)")
"""An id in the path of an upstream call."""


async def schema_reference(schema: GraphQLSchema) -> str:
    """The reference as Markdown."""
    examples = await SchemaExamples.create(schema)
    parts = [_HEAD]
    for kind in _in_order(schema):
        if isinstance(kind, GraphQLObjectType):
            parts.append(_object(kind, await examples.example(kind)))
        else:
            parts.append(_other(kind))
    return "\n".join(parts)


def _in_order(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    """The root types first, then objects, inputs, enums and scalars by name."""
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    kinds = (GraphQLObjectType, GraphQLInputObjectType, GraphQLEnumType)
    rest = [
        kind
        for name, kind in schema.type_map.items()
        if not name.startswith("__") and not is_specified_scalar_type(kind) and kind not in roots
    ]
    return [*roots, *sorted(rest, key=lambda kind: ([not isinstance(kind, one) for one in kinds], kind.name))]


def _object(kind: GraphQLObjectType, example: Example) -> str:
    lines = [*_heading(kind), "| Field | Type | Meaning | Upstream calls |", "|---|---|---|---|"]
    lines += (
        f"| {_signature(name, field)} | {_linked(field.type)} | {_meaning(field)} | {_cost(example.costs.get(name))} |"
        for name, field in kind.fields.items()
    )
    return "\n".join([*lines, "", *_shown(example)])


def _other(kind: GraphQLNamedType) -> str:
    lines = list(_heading(kind))
    if isinstance(kind, GraphQLEnumType):
        lines += ["| Value | Meaning |", "|---|---|"]
        lines += (f"| `{name}` | {_meaning(value)} |" for name, value in kind.values.items())
    elif isinstance(kind, GraphQLInputObjectType):
        lines += ["| Field | Type | Default | Meaning |", "|---|---|---|---|"]
        lines += (
            f"| `{name}` | {_linked(field.type)} | {_code(_default(field))} | {_meaning(field)} |"
            for name, field in kind.fields.items()
        )
    return "\n".join([*lines, ""])


def _heading(kind: GraphQLNamedType) -> Iterator[str]:
    yield f"## {kind.name}"
    yield ""
    if kind.description:
        yield _line(kind.description)
        yield ""


def _signature(name: str, field: GraphQLField) -> str:
    """A field with its arguments: those that are required, and those with their defaults."""
    arguments = (
        f"{argument}: {value.type}{f' = {default}' if (default := _default(value)) else ''}"
        for argument, value in field.args.items()
    )
    return f"`{name}({', '.join(arguments)})`" if field.args else f"`{name}`"


def _linked(kind: object) -> str:
    named = get_named_type(kind)  # type: ignore[call-overload]
    return f"`{kind}`" if is_specified_scalar_type(named) else f"[`{kind}`](#{named.name.lower()})"


def _default(value: GraphQLInputField | GraphQLArgument) -> str:
    """The default as the schema writes it; empty where there is none."""
    written = value.ast_node.default_value if value.ast_node else None
    return print_ast(written) if written and not isinstance(written, NullValueNode) else ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _meaning(described: GraphQLField | GraphQLInputField | GraphQLEnumValue) -> str:
    text = _line(described.description or "")
    if described.deprecation_reason:
        text = f"**Deprecated:** {_line(described.deprecation_reason)} {text}"
    return text.rstrip()


def _line(text: str) -> str:
    """Text that fits into a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _cost(calls: Counter[str] | None) -> str:
    listed = ((_NUMBER.sub("/{id}", call), count) for call, count in sorted((calls or {}).items()))
    return "<br>".join(_code(call) + (f" x {count}" if count > 1 else "") for call, count in listed)


def _shown(example: Example) -> Iterator[str]:
    if not example.operation:
        return
    yield from ("```graphql", print_ast(parse(example.operation)).strip(), "```", "")
    if example.response:
        yield from ("```json", json.dumps(example.response, indent=2, ensure_ascii=False), "```", "")
