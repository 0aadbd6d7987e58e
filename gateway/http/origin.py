"""Origins: where connections lead. No library is loaded here, since settings name origins too."""

from typing import NamedTuple

DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Where connections lead."""

    scheme: str
    host: str
    port: int
