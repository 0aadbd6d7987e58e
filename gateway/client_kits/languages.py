"""The languages that client code is made in."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gateway.client_kits import csharp, gdscript, typescript, unreal
from gateway.client_kits.model import Kit

SOURCES: Mapping[str, Callable[[Kit], str]] = MappingProxyType(
    {
        "csharp": csharp.source,
        "gdscript": gdscript.source,
        "typescript": typescript.source,
        "unreal": unreal.source,
    }
)
"""What makes the file of each language."""
