"""Tries to create one thing after the other: what cannot be created is undone, named, and costs nothing else."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import msgspec

from gateway.sandbox.admin.request_body import refusal
from gateway.sandbox.errors import ApiError
from gateway.sandbox.snapshots.snapshot import Raw
from gateway.sandbox.snapshots.written_form import unknown_languages
from gateway.sandbox.storage.database import Transaction

_Body = TypeVar("_Body")


class Problem(NamedTuple):
    """What of a snapshot is not in the sandbox (`is_missing`), or is there but not as it was, and why."""

    what: str
    reason: str
    is_missing: bool


class Attempts:
    """Creates things in one transaction; `problems` names what is missing or differs."""

    def __init__(self, tx: Transaction) -> None:
        """Take the transaction."""
        self._tx = tx
        self.problems: list[Problem] = []

    @contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Undo and name what cannot be created."""
        self._tx.run("SAVEPOINT attempt")
        try:
            yield
        except (ApiError, LookupError, ValueError, OverflowError, sqlite3.IntegrityError) as error:
            self._tx.run("ROLLBACK TO attempt")
            self.problems.append(Problem(what, reason_of(error), is_missing=True))
        self._tx.run("RELEASE attempt")

    def note(self, what: str, reason: str) -> None:
        """Say what of a thing that was created is not as it was."""
        self.problems.append(Problem(what, reason, is_missing=False))

    def note_languages(self, what: str, raw: Raw) -> None:
        """Name the languages whose texts are left out."""
        if codes := ", ".join(sorted(unknown_languages(raw))):
            self.note(what, f"its texts in {codes} are left out: the upstream's contract has no such language")


def reason_of(error: Exception) -> str:
    """Say what is wrong, with the property of the body where it is known."""
    problem = error.problem if isinstance(error, ApiError) else None
    return f"{problem.message} (at {problem.property or 'the top'})" if problem else str(error)


# Any: a JSON body.
def checked(body: dict[str, Any], kind: type[_Body]) -> _Body:
    """Check a body as the Admin call that takes it would. Raises RefusedError."""
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise refusal(str(error)) from error


def number_of(name: str) -> Callable[[Raw], int]:
    """Return what finds the number of an object, by which a project's objects are in the order of their creation."""

    def number(raw: Raw) -> int:
        value = raw.get(name)
        return value if isinstance(value, int) else 0

    return number
