"""Answers to introspection that are given again: the schema does not change while the process runs."""

from collections.abc import Mapping

import msgspec
from cachetools import LRUCache

from gateway.execution.documents import Operation

MEMORY_PER_ANSWER_BYTE = 8
"""Bytes that a byte of the encoded answer weighs as objects; a test measures it."""

OVERHEAD_BYTES = 1_000
"""Charged for each answer on top of its request."""

_Key = tuple[str, str | None, bytes]
_Data = Mapping[str, object]

_encode = msgspec.json.Encoder().encode


class SchemaAnswers:
    """What introspection came to, by document, operation and variables, within `max_bytes`."""

    def __init__(self, *, max_bytes: int) -> None:
        self._cached: LRUCache[_Key, tuple[_Data, int]] = LRUCache(max_bytes, getsizeof=lambda kept: kept[1])

    @property
    def charged_bytes(self) -> int:
        """Bytes charged for everything kept; never above `max_bytes`."""
        return int(self._cached.currsize)

    def find(self, operation: Operation, variables: Mapping[str, object] | None) -> _Data | None:
        """The answer to an operation that asks for nothing but the schema, if it was given before."""
        kept = self._cached.get(_key(operation, variables))
        return None if kept is None else kept[0]

    def keep(self, operation: Operation, variables: Mapping[str, object] | None, data: _Data) -> None:
        """Keep an answer, unless it does not fit."""
        key = _key(operation, variables)
        weight_bytes = len(_encode(data)) * MEMORY_PER_ANSWER_BYTE + len(key[0]) * 4 + len(key[2]) + OVERHEAD_BYTES
        if weight_bytes <= self._cached.maxsize:
            self._cached[key] = data, weight_bytes


def _key(operation: Operation, variables: Mapping[str, object] | None) -> _Key:
    return operation.text, operation.name, _encode(variables or {})
