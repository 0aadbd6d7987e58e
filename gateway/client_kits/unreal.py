"""Client code in C++ for Unreal: one header with USTRUCTs for Blueprints, and a core that needs no engine."""

from collections.abc import Mapping

from gateway.client_kits.model import EnumType, Field, Kind, Kit, ObjectType, Operation, ValueType
from gateway.client_kits.operations import pascal
from gateway.client_kits.runtime_files import runtime
from gateway.client_kits.source_text import indented, lines, quoted
from gateway.errors import DocumentsUnusable

CORE = (
    "Json.h",
    "Platform.h",
    "Living.h",
    "Answers.h",
    "Clock.h",
    "Tokens.h",
    "EventStream.h",
    "Outbox.h",
    "Client.h",
    "Live.h",
)

HEAD = """\
// Client code for the gateway, made by `gateway client unreal`. Make it anew instead of changing it.
// One header: put it into a module that depends on "HTTP". C++14, without exceptions and RTTI.
#pragma once

#include "CoreMinimal.h"
#include "HAL/FileManager.h"
#include "HttpModule.h"
#include "Interfaces/IHttpRequest.h"
#include "Interfaces/IHttpResponse.h"
#include "Misc/FileHelper.h"
#include "Misc/Guid.h"
#include "Misc/Paths.h"
#include "Misc/ScopeLock.h"
#include "Runtime/Launch/Resources/Version.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "LiveOps.generated.h"
"""

_SCALARS: Mapping[str, tuple[str, str, str]] = {
    "ID": ("FString", "LiveOps::ToFString({0}.AsText())", "LiveOps::Json::Text(LiveOps::FromFString({0}))"),
    "String": ("FString", "LiveOps::ToFString({0}.AsText())", "LiveOps::Json::Text(LiveOps::FromFString({0}))"),
    "Decimal": ("FString", "LiveOps::ToFString({0}.AsText())", "LiveOps::Json::Text(LiveOps::FromFString({0}))"),
    "Boolean": ("bool", "{0}.AsBool()", "LiveOps::Json::Bool({0})"),
    "Int": ("int32", "static_cast<int32>({0}.AsInt())", "LiveOps::Json::Int({0})"),
    "BigInt": ("int64", "static_cast<int64>({0}.AsInt())", "LiveOps::Json::Int({0})"),
    "Float": ("double", "{0}.AsNumber()", "LiveOps::Json::Number({0})"),
    "DateTime": (
        "FDateTime",
        "FDateTime::FromUnixTimestamp(static_cast<int64>({0}.AsTime()))",
        "LiveOps::Json::Text(LiveOps::FromFString({0}.ToIso8601()))",
    ),
}
"""The type of each scalar, what reads it and what writes it; others are texts of JSON."""

_ANY = (
    "FString",
    "LiveOps::ToFString({0}.Write())",
    "LiveOps::ParseText({0})",
)


def source(kit: Kit) -> str:
    """The header. Raises DocumentsUnusable."""
    for one in kit.operations:
        if any(each.type.leaf.kind is Kind.INPUT for each in one.variables):
            raise DocumentsUnusable(f"{one.name}: give the fields of the input as variables, as Unreal's kit needs it.")
    parts = [*map(_enum, kit.enums), *map(_object, kit.objects), _operations(kit), _client(kit)]
    return "\n".join([HEAD, runtime("unreal", *CORE, "UnrealPlatform.h"), "\n\n".join(parts), ""])


def _enum(one: EnumType) -> str:
    names = {value.name: pascal(value.name) for value in one.values}
    values = [
        f"{_comment(each.description)}{names[each.name]}," for each in one.values if names[each.name] != "Unknown"
    ]
    kind = f"ELiveOps{one.name}"
    reads = [f'if (Text == "{value}") return {kind}::{name};' for value, name in names.items()]
    writes = [f'if (Value == {kind}::{name}) return "{value}";' for value, name in names.items()]
    unknown = "// A value that this build of the game does not know: the text beside it has it.\nUnknown,"
    return (
        f"{_comment(one.description)}UENUM(BlueprintType)\nenum class {kind} : uint8\n{{\n"
        f"{indented(lines(unknown, *values))}\n}};\n\nnamespace LiveOps\n{{\n"
        f"inline {kind} Read{one.name}(const std::string& Text)\n{{\n"
        f"{indented(lines(*reads, f'return {kind}::Unknown;'))}\n}}\n\n"
        f"inline std::string TextOf{one.name}({kind} Value)\n{{\n"
        f"{indented(lines(*writes, 'return std::string();'))}\n}}\n}}"
    )


def _object(one: ObjectType) -> str:
    name = f"FLiveOps{one.name}"
    properties: list[str] = []
    reads: list[str] = []
    for each in one.fields:
        json, member = f'From["{each.name}"]', _member(each)
        properties.append(_property(each.type, member, each.description))
        reads.append(f"Made.{member} = {_read(each.type, json)};")
        if _has_flag(each.type):
            properties.append(_property(_BOOL, f"bHas{pascal(each.name)}", "Whether it is there: it may be null."))
            reads.append(f"Made.bHas{pascal(each.name)} = !{json}.IsNull();")
        if each.type.leaf.kind is Kind.ENUM:
            texts = each.type.as_texts
            properties.append(_property(texts, f"{member}Text", f"{member} as it was sent."))
            reads.append(f"Made.{member}Text = {_read(texts, json)};")
    reader = (
        f"static {name} Read(const LiveOps::Json& From)\n{{\n"
        f"{indented(lines(f'{name} Made;', *reads, 'return Made;'))}\n}}"
    )
    body = "\n\n".join(["GENERATED_BODY()", *properties, reader])
    return f"{_comment(one.description)}USTRUCT(BlueprintType)\nstruct {name}\n{{\n{indented(body)}\n}};"


_BOOL = ValueType(Kind.SCALAR, "Boolean", False)


def _has_flag(of: ValueType) -> bool:
    """Whether a flag says that it is null. Of texts and enumerations, an empty text says so."""
    is_text = of.kind is Kind.ENUM or (of.kind is Kind.SCALAR and _scalar(of)[0] == "FString")
    return of.is_nullable and not is_text


def _member(one: Field) -> str:
    """The member's name: Unreal's booleans begin with b."""
    is_bool = one.type.kind is Kind.SCALAR and one.type.name == "Boolean"
    return f"b{pascal(one.name)}" if is_bool else pascal(one.name)


def _property(of: ValueType, name: str, description: str) -> str:
    """A member, for Blueprints too unless it is a list of lists, which they do not have."""
    is_nested = of.item is not None and of.item.item is not None
    macro = "" if is_nested else 'UPROPERTY(BlueprintReadOnly, Category = "LiveOps")\n'
    defaults = {"bool": " = false", "int32": " = 0", "int64": " = 0", "double": " = 0"}
    kind = _type(of)
    default = f" = {kind}::Unknown" if of.kind is Kind.ENUM else defaults.get(kind, "")
    return f"{_comment(description)}{macro}{kind} {name}{default};"


def _type(of: ValueType) -> str:
    if of.item is not None:
        return f"TArray<{_type(of.item)}>"
    if of.kind is Kind.SCALAR:
        return _scalar(of)[0]
    return f"{'E' if of.kind is Kind.ENUM else 'F'}LiveOps{of.name}"


def _scalar(of: ValueType) -> tuple[str, str, str]:
    return _SCALARS.get(of.name, _ANY)


def _read(of: ValueType, json: str, one: str = "One") -> str:
    if of.item is not None:
        reader = f"[](const LiveOps::Json& {one}) {{ return {_read(of.item, one, f'{one}More')}; }}"
        return f"LiveOps::ReadList<{_type(of.item)}>({json}, {reader})"
    if of.kind is Kind.OBJECT:
        return f"{_type(of)}::Read({json})"
    if of.kind is Kind.ENUM:
        return f"LiveOps::Read{of.name}({json}.AsText())"
    return _scalar(of)[1].format(json)


def _write(of: ValueType, value: str, one: str = "One") -> str:
    if of.item is not None:
        writer = f"[](const {_type(of.item)}& {one}) {{ return {_write(of.item, one, f'{one}More')}; }}"
        return f"LiveOps::WriteList({value}, {writer})"
    if of.kind is Kind.ENUM:
        return f"LiveOps::Json::Text(LiveOps::TextOf{of.name}({value}))"
    return _scalar(of)[2].format(value)


def _operations(kit: Kit) -> str:
    watch = kit.order_watch
    own = [f"{one.name}()" for one in (kit.clock, watch.subscription, watch.wait, watch.read)]
    writes = [f"&{one.name}()" for one in kit.operations if one.write]
    owned = (
        "inline LiveOps::OwnOperations Own()\n{\n"
        f"    return LiveOps::OwnOperations{{{', '.join(own)}, {{{', '.join(writes)}}}}};\n}}"
    )
    body = "\n\n".join([*map(_operation, kit.operations), owned])
    return f"// The game's operations, by their ids of trusted documents.\nnamespace LiveOpsOperations\n{{\n{body}\n}}"


def _operation(one: Operation) -> str:
    write = one.write
    values = [
        *map(quoted, (one.name, one.id, one.text, one.server_time or "")),
        _bool(one.is_screen),
        *map(quoted, (write.payload, write.key_variable) if write else ("", "")),
        _bool(bool(write and write.is_order)),
        _bool(bool(write and write.cycle_variable)),
    ]
    made = indented("static const LiveOps::Operation Made{\n" + indented(",\n".join(values)) + "};\nreturn Made;")
    return f"inline const LiveOps::Operation& {one.name}()\n{{\n{made}\n}}"


def _client(kit: Kit) -> str:
    methods = "\n\n".join(map(_method, kit.operations))
    head, foot = runtime("unreal", "UnrealClient.h").split("    // OPERATIONS\n")
    return f"{head}{indented(methods)}\n{foot}".rstrip()


def _method(one: Operation) -> str:
    """What the game calls. A cycle has to be given, though it may be empty; the kit makes the key."""
    key, cycle = (one.write.key_variable, one.write.cycle_variable) if one.write else (None, None)
    given = [each for each in one.variables if each.name != key]
    given.sort(key=lambda each: each.type.is_nullable and each.name != cycle)
    arguments = [_argument(each, has_default=each.type.is_nullable and each.name != cycle) for each in given]
    variables = ["LiveOps::Json Variables = LiveOps::Json::Object();", *map(_variable, given)]
    data = f"FLiveOps{one.data.name}"
    call = f"LiveOpsOperations::{one.name}(), Variables"
    if one.kind == "query":
        returned, last = "void", f"Query<{data}>({call}, Done);"
        arguments.insert(0, f"TFunction<void(const TLiveOpsAnswer<{data}>&)> Done")
    elif one.kind == "mutation":
        returned, last = "FString", f"return Want<{data}>({call}, Done);"
        arguments.append(f"TFunction<void(const TLiveOpsSettlement<{data}>&)> Done = nullptr")
    else:
        returned, last = "std::shared_ptr<LiveOps::Follower>", f"return Follow<{data}>({call}, OnEvent, OnConnected);"
        arguments.insert(0, f"TFunction<void(const TLiveOpsAnswer<{data}>&)> OnEvent")
        arguments.append("TFunction<void()> OnConnected = nullptr")
    return f"{returned} {one.name}({', '.join(arguments)})\n{{\n{indented(lines(*variables, last))}\n}}"


def _argument(one: Field, *, has_default: bool) -> str:
    """A parameter. What may be left out is a pointer, but for texts, which are empty then."""
    kind = _type(one.type)
    if kind == "FString":
        return f"const FString& {_member(one)}{' = FString()' if has_default else ''}"
    if one.type.is_nullable:
        return f"const {kind}* {_member(one)} = nullptr"
    return f"const {kind}& {_member(one)}"


def _variable(one: Field) -> str:
    member, kind = _member(one), _type(one.type)
    is_text, is_optional = kind == "FString", one.type.is_nullable
    value = member if is_text or not is_optional else f"(*{member})"
    check = f"if (!{member}.IsEmpty()) " if is_text else f"if ({member} != nullptr) "
    return f'{check if is_optional else ""}Variables.With("{one.name}", {_write(one.type, value)});'


def _comment(description: str) -> str:
    text = " ".join(description.split())
    return f"// {text}\n" if text else ""


def _bool(value: bool) -> str:
    return "true" if value else "false"
