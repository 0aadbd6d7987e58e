"""What every setting has: its prefix, its parser and its meaning."""

import re
from collections.abc import Callable
from dataclasses import field
from typing import Any, TypeVar

from gateway.errors import SettingError

T = TypeVar("T")

PREFIX = "GATEWAY_"
_SERVICE_LINK = re.compile(r"GATEWAY_([A-Z0-9_]+_)?(SERVICE_[A-Z0-9_]+|PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?)")
"""What Kubernetes sets for Services named `gateway` or `gateway-…`, beside `…_PORT=tcp://…` (its "service links")."""


def setting(parse: Callable[[str], T], meaning: str, default: object = None, *, required: bool = False) -> Any:
    """A field of `Settings`, with the parser of its text and its meaning for the documentation."""
    metadata = {"parse": parse, "meaning": meaning, "required": required}
    return field(default=default, metadata=metadata)


def is_service_link(name: str, text: str) -> bool:
    """Whether a variable is one that Kubernetes sets to the address of a Service."""
    is_address = name.endswith("_PORT") and text.startswith(("tcp://", "udp://", "sctp://"))
    return name.startswith(PREFIX) and (is_address or _SERVICE_LINK.fullmatch(name) is not None)


def parsed(name: str, text: str, parse: Callable[[str], object]) -> object:
    """The value of a variable. Raises SettingError, which names the variable and never shows the text."""
    try:
        return parse(text)
    except SettingError as error:
        raise SettingError(f"{name} must be {error}.") from None
