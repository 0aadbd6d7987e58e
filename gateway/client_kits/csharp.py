"""Client code in C# 7, for Unity and everything else that runs .NET: one file, without reflection."""

from collections.abc import Mapping

from gateway.client_kits.model import EnumType, Field, Kind, Kit, ObjectType, Operation, ValueType
from gateway.client_kits.operations import pascal
from gateway.client_kits.runtime_files import runtime
from gateway.client_kits.source_text import indented, lines, quoted

RUNTIME = (
    "Platform.cs",
    "HttpClientHttp.cs",
    "UnityHttp.cs",
    "Json.cs",
    "Answers.cs",
    "Clock.cs",
    "Tokens.cs",
    "EventStream.cs",
    "Outbox.cs",
    "Client.cs",
    "Live.cs",
)

HEAD = """\
// Client code for the gateway, made by `gateway client csharp`. Make it anew instead of changing it.
// C# 7, no other files, no reflection: for Unity 2019.4 and newer (IL2CPP and WebGL too), and for .NET.
"""

_SCALARS: Mapping[str, tuple[str, str]] = {
    "ID": ("string", "Text"),
    "String": ("string", "Text"),
    "Boolean": ("bool", "Bool"),
    "Int": ("int", "Int"),
    "BigInt": ("long", "Long"),
    "Float": ("double", "Double"),
    "Decimal": ("decimal", "Decimal"),
    "DateTime": ("DateTime", "Time"),
}
"""The type of each scalar, and what reads it; other scalars stay JSON."""


def source(kit: Kit) -> str:
    """The file."""
    parts = [
        *map(_enum, kit.enums),
        *map(_object, kit.objects),
        *map(_input, kit.inputs),
        _operations(kit),
        _client(kit),
    ]
    body = "\n\n".join(parts)
    return (
        f"{HEAD}\n{runtime('csharp', *RUNTIME)}\nnamespace LiveOps\n{{\n    using System;\n"
        "    using System.Collections.Generic;\n    using System.Threading;\n    using System.Threading.Tasks;\n\n"
        f"{indented(body)}\n}}\n"
    )


def _enum(one: EnumType) -> str:
    names = {value.name: pascal(value.name) for value in one.values}
    values = [
        f"{_summary(value.description)}{names[value.name]}," for value in one.values if names[value.name] != "Unknown"
    ]
    unknown = (
        "/// <summary>A value that this build of the game does not know: the text beside it has it.</summary>\nUnknown,"
    )
    reads = [f'case "{value}": return {one.name}.{name};' for value, name in names.items()]
    writes = [f'case {one.name}.{name}: return "{value}";' for value, name in names.items()]
    return (
        f"{_summary(one.description)}public enum {one.name}\n{{\n{indented(lines(unknown, *values))}\n}}\n\n"
        f"/// <summary>The texts of {one.name}.</summary>\npublic static class {_texts(one.name)}\n{{\n"
        f"    public static {one.name} Parse(string text)\n    {{\n        switch (text)\n        {{\n"
        f"{indented(lines(*reads), 3)}\n            default: return {one.name}.Unknown;\n        }}\n    }}\n\n"
        f"    public static string Text({one.name} value)\n    {{\n        switch (value)\n        {{\n"
        f"{indented(lines(*writes), 3)}\n            default: return null;\n        }}\n    }}\n}}"
    )


def _texts(enum: str) -> str:
    """The class with an enumeration's texts."""
    return f"{enum}Values"


def _object(one: ObjectType) -> str:
    fields: list[str] = []
    reads: list[str] = []
    for each in one.fields:
        name = pascal(each.name)
        fields.append(f"{_summary(each.description)}public readonly {_type(each.type)} {name};")
        reads.append(f"{name} = {_read(each.type, _at(each.name))};")
        if each.type.leaf.kind is Kind.ENUM:
            texts = each.type.as_texts
            fields.append(
                f"/// <summary>`{name}` as it was sent.</summary>\npublic readonly {_type(texts)} {name}Text;"
            )
            reads.append(f"{name}Text = {_read(texts, _at(each.name))};")
    body = lines(*fields, f"\npublic {one.name}(Json json)\n{{\n{indented(lines(*reads))}\n}}")
    return f"{_summary(one.description)}public sealed class {one.name}\n{{\n{indented(body)}\n}}"


def _input(one: ObjectType) -> str:
    fields = [f"{_summary(each.description)}public {_optional(each.type)} {pascal(each.name)};" for each in one.fields]
    written = [_written(each.name, pascal(each.name), _nullable(each.type)) for each in one.fields]
    writes = ["var json = Json.Object();", *written, "return json;"]
    body = lines(
        *fields,
        f"\npublic Json ToJson()\n{{\n{indented(lines(*writes))}\n}}",
    )
    return f"{_summary(one.description)}public sealed class {one.name}\n{{\n{indented(body)}\n}}"


def _operations(kit: Kit) -> str:
    made = [f"public static readonly Operation {one.name} = {_operation(one)};" for one in kit.operations]
    watch = kit.order_watch
    aliases = [
        f"internal static readonly Operation {alias} = {one.name};"
        for alias, one in (
            ("Clock", kit.clock),
            ("WatchBySubscription", watch.subscription),
            ("WatchByWaiting", watch.wait),
            ("WatchByReading", watch.read),
        )
    ]
    writes = [f'{{ "{one.name}", {one.name} }},' for one in kit.operations if one.write]
    by_name = (
        "\ninternal static Dictionary<string, Operation> ByName()\n{\n"
        "    return new Dictionary<string, Operation>\n    {\n"
        f"{indented(lines(*writes), 2)}\n    }};\n}}"
    )
    return (
        "/// <summary>The game's operations, by their ids of trusted documents.</summary>\n"
        f"public static class Operations\n{{\n{indented(lines(*made, *aliases, by_name))}\n}}"
    )


def _operation(one: Operation) -> str:
    values = {
        "Name": quoted(one.name),
        "Id": quoted(one.id),
        "Text": quoted(one.text),
        "ServerTime": one.server_time and quoted(one.server_time),
        "IsScreen": "true" if one.is_screen else None,
    }
    if one.write:
        values |= {
            "Payload": quoted(one.write.payload),
            "KeyVariable": quoted(one.write.key_variable),
            "IsOrder": "true" if one.write.is_order else None,
            "HasCycle": "true" if one.write.cycle_variable else None,
        }
    return "new Operation\n{\n" + "".join(f"    {name} = {value},\n" for name, value in values.items() if value) + "}"


def _client(kit: Kit) -> str:
    methods = "\n\n".join(map(_method, kit.operations))
    return f"public sealed partial class GatewayClient\n{{\n{indented(methods)}\n}}"


def _method(one: Operation) -> str:
    """What the game calls. A cycle has to be given, though it may be null; the kit makes the key."""
    key, cycle = (one.write.key_variable, one.write.cycle_variable) if one.write else (None, None)
    given = [each for each in one.variables if each.name != key]
    needed = [each for each in given if not each.type.is_nullable or each.name == cycle]
    left = [each for each in given if each not in needed]
    head = [f"{_type(each.type)} {_local(each.name)}" for each in needed]
    tail = [f"{_optional(each.type)} {_local(each.name)} = null" for each in left]
    data = one.data.name
    variables = ["var variables = Json.Object();", *(_variable(each) for each in given)]
    call = f"Operations.{one.name}, variables, json => new {data}(json)"
    if one.kind == "query":
        returned, last = f"Task<Answer<{data}>>", f"return Query({call});"
    elif one.kind == "mutation":
        returned, last = f"Intent<{data}>", f"return Want({call});"
    else:
        returned, last = "Task", f"return Follow({call}, onEvent, onConnected, cancel);"
        head.append(f"Action<Answer<{data}>> onEvent")
        tail += ["Action onConnected = null", "CancellationToken cancel = default(CancellationToken)"]
    body = indented(lines(*variables, last))
    return f"public {returned} {one.name}({', '.join([*head, *tail])})\n{{\n{body}\n}}"


def _variable(one: Field) -> str:
    return _written(one.name, _local(one.name), one.type).replace("json.With", "variables.With")


def _written(key: str, value: str, of: ValueType) -> str:
    """Add a value to `json`; null stands for leaving it out."""
    is_always_there = not of.is_nullable and of.item is None and _is_value(of)
    check = "" if is_always_there else f"if ({value} != null) "
    return f'{check}json.With("{key}", {_write(of, value)});'


def _write(of: ValueType, value: str, depth: int = 0) -> str:
    if of.item is not None:
        return f"Json.List({value}.ConvertAll(one{depth} => {_write(of.item, f'one{depth}', depth + 1)}))"
    if of.kind is Kind.INPUT:
        return f"{value}.ToJson()"
    if of.kind is Kind.ENUM:
        return f"Json.Of({_texts(of.name)}.Text({value}{'.Value' if of.is_nullable else ''}))"
    return f"Json.Of({value})" if of.name in _SCALARS else value


def _read(of: ValueType, json: str, depth: int = 0) -> str:
    if of.item is not None:
        items = f"{json}.Map(one{depth} => {_read(of.item, f'one{depth}', depth + 1)})"
        return items if of.is_nullable else f"{items} ?? new {_type(of)}()"
    if of.kind is Kind.OBJECT:
        read, none = f"new {of.name}({json})", "null"
    elif of.kind is Kind.ENUM:
        read, none = f"{_texts(of.name)}.Parse({json}.Text)", f"({of.name}?)null"
    else:
        kind, member = _SCALARS.get(of.name, ("Json", ""))
        if kind == "string":
            return f"{json}.Text" if of.is_nullable else f'{json}.Text ?? ""'
        read, none = (f"{json}.{member}", f"({kind}?)null") if member else (json, "")
    return f"{json}.IsNull ? {none} : {read}" if of.is_nullable and none else read


def _type(of: ValueType) -> str:
    if of.item is not None:
        return f"List<{_type(of.item)}>"
    name = _SCALARS.get(of.name, ("Json", ""))[0] if of.kind is Kind.SCALAR else of.name
    return f"{name}?" if of.is_nullable and _is_value(of) else name


def _optional(of: ValueType) -> str:
    """The type of what may be left out."""
    return _type(_nullable(of))


def _nullable(of: ValueType) -> ValueType:
    return ValueType(of.kind, of.name, True, of.item)


def _is_value(of: ValueType) -> bool:
    """Whether C# needs a question mark to let it be null."""
    return of.kind is Kind.ENUM or (of.kind is Kind.SCALAR and _SCALARS.get(of.name, ("string",))[0] != "string")


def _at(key: str) -> str:
    return f'json["{key}"]'


def _local(name: str) -> str:
    """A parameter; with an at sign it may be called like a word of C#."""
    return f"@{name}"


def _summary(description: str) -> str:
    text = " ".join(description.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"/// <summary>{text}</summary>\n" if text else ""
