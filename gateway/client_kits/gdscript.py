"""Client code in GDScript, for Godot 4: one file, without add-ons."""

import json
import re
from collections.abc import Mapping
from textwrap import indent, wrap

from gateway.client_kits.model import EnumType, Field, Kind, Kit, ObjectType, Operation, ValueType
from gateway.client_kits.runtime_files import runtime

HEAD = """\
class_name LiveOps
extends RefCounted
## Client code for the gateway, made by `gateway client gdscript`. Make it anew instead of changing it.
## Godot 4.2 and newer, no other files.
"""

_SCALARS: Mapping[str, str] = {
    "ID": "String",
    "String": "String",
    "Boolean": "bool",
    "Int": "int",
    "Float": "float",
    "BigInt": "int",
    "Decimal": "String",
    "DateTime": "String",
}
"""The type of each scalar; others are `Variant`."""

_WORDS = (
    "if elif else for while match when break continue pass return class class_name extends is in as self super signal",
    "func static const enum var breakpoint preload await yield assert void true false null and or not",
    "get set call callv connect disconnect free notification script clock start resumed pending query want execute",
    "follow stream",
)
_TAKEN = frozenset(" ".join(_WORDS).split())
"""Words of GDScript, and what objects and the client are called by."""


def source(kit: Kit) -> str:
    """The file."""
    parts = [
        HEAD,
        *map(_enum, kit.enums),
        "\n".join(map(_texts, kit.enums)),
        runtime("gdscript", "runtime.gd"),
        _roles(kit),
        *map(_operation, kit.operations),
        *map(_method, kit.operations),
        *map(_object, kit.objects),
        *map(_input, kit.inputs),
    ]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def snake(name: str) -> str:
    """`offerChains` as variables are spelled: `offer_chains`; a word that is taken gets another after it."""
    made = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")
    return f"{made}_value" if made in _TAKEN else made


def _enum(one: EnumType) -> str:
    names = [value.name.upper() for value in one.values]
    # A value that this build of the game does not know: the text beside it has it.
    members = "".join(f"\t{name},\n" for name in ["UNKNOWN", *(name for name in names if name != "UNKNOWN")])
    return f"{_comment(one.description)}enum {one.name} {{\n{members}}}"


def _texts(one: EnumType) -> str:
    values = "".join(f"\t{json.dumps(value.name)}: {one.name}.{value.name.upper()},\n" for value in one.values)
    return f"const {_texts_name(one.name)} := {{\n{values}}}"


def _texts_name(enum: str) -> str:
    return f"{snake(enum).upper()}_TEXTS"


def _object(one: ObjectType) -> str:
    fields: list[str] = []
    reads: list[str] = []
    for field in one.fields:
        name, value = snake(field.name), f"json.get({json.dumps(field.name)})"
        fields.append(f"{_comment(field.description)}var {name}: {_read_type(field.type)}")
        reads.append(_read(name, field.type, value))
        if field.type.leaf.kind is Kind.ENUM:
            text = "Array" if field.type.item else "Variant"
            fields.append(f"## `{name}` as it was sent.\nvar {name}_text: {text}")
            reads.append(f"{name}_text = {f'LiveOps.list_of({value})' if field.type.item else value}")
    return _class(one, [*fields, f"\nfunc _init(json: Dictionary) -> void:\n{_indented(reads)}"])


def _input(one: ObjectType) -> str:
    fields = [f"{_comment(field.description)}var {snake(field.name)}: Variant" for field in one.fields]
    writes = (_write(field, snake(field.name), "json") for field in one.fields)
    body = _indented(["var json := {}", *writes, "return json"])
    return _class(one, [*fields, f"\nfunc to_json() -> Dictionary:\n{body}"])


def _class(one: ObjectType, members: list[str]) -> str:
    return f"\n{_comment(one.description)}class {one.name}:\n{_indented(members)}"


def _roles(kit: Kit) -> str:
    writes = "".join(f"\t\t{json.dumps(one.name)}: {_name(one)}(),\n" for one in kit.operations if one.write)
    watch = kit.order_watch
    roles = {
        "clock_operation": kit.clock,
        "watch_subscription": watch.subscription,
        "watch_wait": watch.wait,
        "watch_read": watch.read,
    }
    found = [
        "",
        "## Mutations, to be found again by their names.",
        "static func write_operations() -> Dictionary:",
        f"\treturn {{\n{writes}\t}}",
    ]
    return "\n".join(found) + "".join(
        f"\n\n\nstatic func {role}() -> Operation:\n\treturn {_name(one)}()" for role, one in roles.items()
    )


def _name(one: Operation) -> str:
    return f"{snake(one.name)}_operation"


def _operation(one: Operation) -> str:
    facts: dict[str, object] = {"name": one.name, "id": one.id, "text": one.text}
    if one.server_time:
        facts["server_time"] = one.server_time
    if one.is_screen:
        facts["is_screen"] = True
    if one.write:
        facts |= {
            "payload": one.write.payload,
            "key_variable": one.write.key_variable,
            "has_cycle": one.write.cycle_variable is not None,
            "is_order": one.write.is_order,
        }
    values = "".join(f"\t\t\t{json.dumps(key)}: {json.dumps(value)},\n" for key, value in facts.items())
    data = one.data.name
    reader = f"func(json: Dictionary) -> {data}: return {data}.new(json)"
    made = f"\treturn Operation.new(\n\t\t{{\n{values}\t\t}},\n\t\t{reader}\n\t)"
    return f"\nstatic func {_name(one)}() -> Operation:\n{made}"


def _method(one: Operation) -> str:
    """What the game calls. A cycle has to be given, though it may be null; the kit makes the key."""
    key, cycle = (one.write.key_variable, one.write.cycle_variable) if one.write else (None, None)
    given = [field for field in one.variables if field.name != key]
    needed = [field for field in given if not field.type.is_nullable or field.name == cycle]
    head = [f"{snake(field.name)}: {_written_type(field.type)}" for field in needed]
    tail = [f"{snake(field.name)}: Variant = null" for field in given if field not in needed]
    call = f"{_name(one)}(), variables"
    if one.kind == "query":
        comment = f"The answer has {one.data.name} as its data."
        returned, last = "Answer", f"return await query({call})"
    elif one.kind == "mutation":
        comment = f"Its settlement has {one.data.name} as its data."
        returned, last = "Intent", f"return want({call})"
    else:
        comment = f"`on_event` gets answers with {one.data.name} as their data."
        returned, last = "void", f"await follow({call}, on_event, on_connected)"
        head, tail = [*head, "on_event: Callable"], [*tail, "on_connected := Callable()"]
    parameters = "".join(f"\n\t{one}," for one in [*head, *tail])
    body = _indented(["var variables := {}", *(_write(field, snake(field.name), "variables") for field in given), last])
    return f"\n## {comment}\nfunc {snake(one.name)}({parameters}\n) -> {returned}:\n{body}".replace("(\n)", "()")


def _write(field: Field, value: str, into: str) -> str:
    """Add a value; null stands for leaving it out."""
    check = f"if {value} != null:\n\t" if field.type.is_nullable else ""
    return f"{check}{into}[{json.dumps(field.name)}] = {_written(field.type, value)}"


def _written(of: ValueType, value: str) -> str:
    if of.item is not None:
        made = _written(of.item, "one")
        return value if made == "one" else f"{value}.map(func(one: Variant) -> Variant: return {made})"
    if of.kind is Kind.INPUT:
        return f"{value}.to_json()"
    return f"{_texts_name(of.name)}.find_key({value})" if of.kind is Kind.ENUM else value


def _written_type(of: ValueType) -> str:
    if of.item is not None:
        return "Array"
    return "Variant" if of.is_nullable else _leaf_type(of)


def _read_type(of: ValueType) -> str:
    """Null stays null where a type has room for it; a list that is null is empty, and an enumeration is UNKNOWN."""
    if of.item is not None:
        return f"Array[{_leaf_type(of.item)}]" if _is_plain(of.item) else "Array"
    if of.is_nullable and of.kind is Kind.SCALAR:
        return "Variant"
    return _leaf_type(of)


def _leaf_type(of: ValueType) -> str:
    return _SCALARS.get(of.name, "Variant") if of.kind is Kind.SCALAR else of.name


def _is_plain(item: ValueType) -> bool:
    """Whether a list of it is read item by item; lists of others keep their JSON."""
    return item.item is None and not (item.kind is Kind.SCALAR and (item.is_nullable or item.name not in _SCALARS))


def _read(name: str, of: ValueType, value: str) -> str:
    if of.item is not None:
        if not _is_plain(of.item):
            return f"{name} = LiveOps.list_of({value})"
        return f"for one: Variant in LiveOps.list_of({value}):\n\t{name}.append({_read_leaf(of.item, 'one')})"
    if of.kind is Kind.OBJECT and of.is_nullable:
        return f"if {value} is Dictionary:\n\t{name} = {_read_leaf(of, value)}"
    if of.is_nullable and of.kind is Kind.SCALAR:
        # JSON's numbers are all fractional in Godot.
        number = f"{value} if {value} == null else int({value})"
        return f"{name} = {number}" if _leaf_type(of) == "int" else f"{name} = {value}"
    return f"{name} = {_read_leaf(of, value)}"


def _read_leaf(of: ValueType, value: str) -> str:
    if of.kind is Kind.OBJECT:
        return f"{of.name}.new({value})"
    if of.kind is Kind.ENUM:
        return f"{_texts_name(of.name)}.get({value}, {of.name}.UNKNOWN)"
    return f"int({value})" if _leaf_type(of) == "int" else value


def _comment(description: str) -> str:
    return "".join(f"## {line}\n" for line in wrap(description, 90))


def _indented(parts: list[str]) -> str:
    return indent("\n".join(parts), "\t")
