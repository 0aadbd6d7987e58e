"""The operations that are measured."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "operations"


@dataclass(frozen=True, slots=True)
class Operation:
    """A document with one operation of the same name."""

    name: str
    text: str

    def body(self) -> bytes:
        """What a client posts."""
        return json.dumps({"query": self.text, "operationName": self.name, "variables": {}}).encode()

    def never_seen(self) -> bytes:
        """The same with a field whose name the load generator makes new for each request."""
        marked = self.text.replace("viewer {", "viewer {\n    n__COUNT__: isSignedIn", 1)
        return json.dumps({"query": marked, "operationName": self.name, "variables": {}}).encode()


def read_operations() -> Mapping[str, Operation]:
    """All operations, by the name of their file."""
    return {
        path.stem: Operation(path.stem.capitalize(), path.read_text()) for path in sorted(_FOLDER.glob("*.graphql"))
    }
