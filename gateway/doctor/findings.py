"""What was found: one line for each check, and what to do where something is wrong."""

from enum import StrEnum

from msgspec import Struct


class Level(StrEnum):
    """How a check ended. Only a problem keeps players from what they should see."""

    OK = "ok"
    SKIPPED = "skipped"
    WARNING = "warning"
    PROBLEM = "problem"


class Finding(Struct, frozen=True, omit_defaults=True):
    """The end of a check, without any secret, address of a player, or value of theirs; `fix` is what to do."""

    check: str
    level: Level
    text: str
    fix: str | None = None

    @property
    def is_problem(self) -> bool:
        """Whether something has to be fixed."""
        return self.level is Level.PROBLEM


def ok(check: str, text: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, text)


def skipped(check: str, text: str, fix: str | None = None) -> Finding:
    """It could not be looked at; `fix` says how it can be."""
    return Finding(check, Level.SKIPPED, text, fix)


def warning(check: str, text: str, fix: str) -> Finding:
    """Something to know, or to fix later."""
    return Finding(check, Level.WARNING, text, fix)


def problem(check: str, text: str, fix: str) -> Finding:
    """Something to fix now."""
    return Finding(check, Level.PROBLEM, text, fix)
