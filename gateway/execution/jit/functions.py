"""Generated functions, and the classes of what they make: each is made once, whatever operations need it."""

from collections.abc import Callable, Sequence
from itertools import count
from types import CodeType
from typing import Any, NamedTuple

from cachetools import LRUCache
from msgspec import Struct, defstruct

CODE_BYTES = 4 * 2**20
"""Memory for compiled sources; those of a game's operations take a tenth."""

MEMORY_PER_CHARACTER = 8
"""Bytes of a compiled source for each of its characters; a test measures this figure and the next."""

MEMORY_PER_ENTRY = 1_000
"""Bytes of an entry itself."""

MEMORY_PER_CLASS = 3_000
"""Bytes of a class of objects; a test measures this figure and the next."""

MEMORY_PER_KEY = 400
"""Bytes of such a class for each of its keys."""


class Function(Struct, frozen=True, eq=False):
    """A generated function, and its source behind those of the functions that it calls."""

    name: str
    source: str
    call: Callable[..., Any]


class _Entry(NamedTuple):
    value: Any
    size_bytes: int


class Functions:
    """Makes functions of sources within `max_bytes`: of a new text, most sources are those of texts before it.

    Python's compiler is half of what a new text costs. Sources name what they use by its place in the selection, so
    that equal selections have equal sources in any operation.
    """

    def __init__(self, *, max_bytes: int = CODE_BYTES) -> None:
        self._cached: LRUCache[tuple[type, str], _Entry] = LRUCache(max_bytes, getsizeof=lambda entry: entry.size_bytes)
        self._places = count(1)

    def function(self, name: str, source: str, inner: Sequence[str], names: dict[str, object]) -> Function:
        """The function of that name in a source, with `names` as its globals. It calls what the `inner` sources say."""
        # Why this is safe: all that reaches a source from a client are response keys, which the parser limits to
        # letters, digits and underscores. Everything else comes from the schema. No argument, literal or variable of a
        # document stands in it.
        exec(self._known(CodeType, source, lambda: compile(source, "<operation>", "exec")), names)  # noqa: S102
        # Taken out of its own globals, it is freed at once when its program leaves the cache, and the document with it.
        # A garbage collection would hold the event loop for all of them.
        call: Any = names.pop(name)
        return Function(name, "\n\n".join((*inner, source)), call)

    def place(self, function: Function) -> int:
        """A number for what a function makes: the same for all that have its source."""
        place: int = self._known(int, function.source, lambda: next(self._places))
        return place

    def struct(self, keys: tuple[str, ...]) -> type[Struct]:
        """A class of objects that are encoded with these keys, whose values it takes in this order."""
        renamed = {f"f{number}": key for number, key in enumerate(keys)}
        made: type[Struct] = self._known(
            Struct,
            " ".join(keys),
            lambda: defstruct("Object", [*renamed], rename=renamed, eq=False, gc=False),
            MEMORY_PER_CLASS + len(keys) * MEMORY_PER_KEY,
        )
        return made

    def _known(self, kind: type[Any], source: str, make: Callable[[], Any], more_bytes: int = MEMORY_PER_ENTRY) -> Any:
        found = self._cached.get((kind, source))
        if found is None:
            found = _Entry(make(), len(source) * MEMORY_PER_CHARACTER + more_bytes)
            if found.size_bytes <= self._cached.maxsize:
                self._cached[kind, source] = found
        return found.value
