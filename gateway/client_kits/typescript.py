"""Client code in TypeScript, for browsers and everything else that has `fetch`: one file, without dependencies."""

import json
from collections.abc import Iterator, Mapping

from gateway.client_kits.model import EnumType, Field, Kind, Kit, ObjectType, Operation, ValueType
from gateway.client_kits.runtime_files import runtime

RUNTIME = ("platform.ts", "answers.ts", "clock.ts", "tokens.ts", "streams.ts", "outbox.ts", "orders.ts", "client.ts")

HEAD = """\
// Client code for the gateway, made by `gateway client typescript`. Make it anew instead of changing it.
// ES2020 and the DOM's types, no other files: for browsers, React Native, Electron and Node 20 and newer.
"""

_SCALARS: Mapping[str, str] = {
    "ID": "string",
    "String": "string",
    "Boolean": "boolean",
    "Int": "number",
    "Float": "number",
    "BigInt": "number",
    "Decimal": "string",
    "DateTime": "string",
}
"""The type of each scalar in JSON; others are `unknown`."""


def source(kit: Kit) -> str:
    """The file."""
    parts = [
        HEAD,
        runtime("typescript", *RUNTIME),
        *map(_enum, kit.enums),
        *map(_object, kit.objects),
        *map(_input, kit.inputs),
        *map(_variables, kit.operations),
        *map(_operation, kit.operations),
        _kit(kit),
    ]
    return "\n".join(parts)


def _enum(one: EnumType) -> str:
    values = "".join(f"\n    {_comment(value.description, '    ')}| {_quoted(value.name)}" for value in one.values)
    names = ",\n    ".join(_quoted(value.name) for value in one.values)
    return (
        f"{_comment(one.description)}export type {one.name} ={values};\n"
        f"export const {one.name}: Enumeration<{one.name}> = enumeration<{one.name}>(\n    {names},\n);\n"
    )


def _object(one: ObjectType) -> str:
    fields = (f"readonly {field.name}: {_read(field.type)};" for field in one.fields)
    return _interface(one.name, one.description, zip(one.fields, fields, strict=True))


def _input(one: ObjectType) -> str:
    return _interface(one.name, one.description, ((field, _given(field)) for field in one.fields))


def _variables(one: Operation) -> str:
    """The variables, without the key, which the kit makes. A cycle has to be given, though it may be null."""
    fields = (
        (
            field,
            f"{field.name}: string | null;" if one.write and field.name == one.write.cycle_variable else _given(field),
        )
        for field in _of_game(one)
    )
    return _interface(_variables_name(one), f"The variables of {one.name}.", fields)


def _of_game(one: Operation) -> Iterator[Field]:
    return (field for field in one.variables if one.write is None or field.name != one.write.key_variable)


def _interface(name: str, description: str, fields: Iterator[tuple[Field, str]]) -> str:
    body = "".join(f"    {_comment(field.description, '    ')}{text}\n" for field, text in fields)
    return f"{_comment(description)}export interface {name} {{\n{body}}}\n"


def _operation(one: Operation) -> str:
    values: dict[str, object] = {"kind": one.kind, "name": one.name, "id": one.id, "text": one.text}
    if one.server_time:
        values["serverTime"] = one.server_time
    if one.is_screen:
        values["isScreen"] = True
    if one.write:
        values["write"] = {
            "payload": one.write.payload,
            "key": one.write.key_variable,
            "hasCycle": one.write.cycle_variable is not None,
            "isOrder": one.write.is_order,
        }
    fields = "".join(f"    {key}: {json.dumps(value)},\n" for key, value in values.items())
    of = f"{one.kind.capitalize()}<{one.data.name}, {_variables_name(one)}>"
    return f"export const {_name(one)}: {of} = {{\n{fields}}};\n"


def _kit(kit: Kit) -> str:
    writes = ", ".join(_name(one) for one in kit.operations if one.write)
    watch = kit.order_watch
    return (
        "/** The operations that a client needs itself. */\n"
        "export const KIT: Kit = {\n"
        f"    writes: [{writes}],\n"
        f"    clock: {_name(kit.clock)},\n"
        "    watch: {\n"
        f"        subscription: {_name(watch.subscription)},\n"
        f"        wait: {_name(watch.wait)},\n"
        f"        read: {_name(watch.read)},\n"
        "    },\n"
        "};\n\n"
        "/** The gateway for one player. */\n"
        "export function createClient(options: ClientOptions): GatewayClient {\n"
        "    return new GatewayClient(options, KIT);\n"
        "}\n"
    )


def _name(one: Operation) -> str:
    """As GraphQL Code Generator would call it, so that operations and types do not meet."""
    return f"{one.name}{one.kind.capitalize()}"


def _variables_name(one: Operation) -> str:
    return f"{_name(one)}Variables"


def _given(field: Field) -> str:
    """A field that may be left out if it may be null."""
    return f"{field.name}{'?' if field.type.is_nullable else ''}: {_written(field.type)};"


def _written(of: ValueType) -> str:
    return _type(of, of.leaf.name if of.leaf.kind is not Kind.SCALAR else _scalar(of.leaf))


def _read(of: ValueType) -> str:
    leaf = of.leaf
    if leaf.kind is Kind.ENUM:
        return _type(of, f"Sent<{leaf.name}>")
    return _type(of, _scalar(leaf) if leaf.kind is Kind.SCALAR else leaf.name)


def _scalar(of: ValueType) -> str:
    return _SCALARS.get(of.name, "unknown")


def _type(of: ValueType, leaf: str) -> str:
    if of.item is not None:
        item = _type(of.item, leaf)
        leaf = f"readonly ({item})[]" if " " in item else f"readonly {item}[]"
    return f"{leaf} | null" if of.is_nullable else leaf


def _comment(description: str, margin: str = "") -> str:
    text = " ".join(description.split()).replace("*/", "* /")
    return f"/** {text} */\n{margin}" if text else ""


def _quoted(text: str) -> str:
    return json.dumps(text)
