"""What players saw, by phase and kind of client."""

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.chaos.upstream import MARK

Body = dict[str, Any]


class Outcome(Enum):
    """How a request of a player ended, as the player sees it."""

    FRESH = "fresh"
    STALE = "stale"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_SENT = "not sent"


def codes_of(body: Body) -> list[str]:
    """The codes of its errors."""
    return [str(error.get("extensions", {}).get("code", "?")) for error in body.get("errors", ())]


def is_unsettled(body: Body) -> bool:
    """Whether the same may be asked again, because nothing came of it or nobody knows what did."""
    return any(error["extensions"]["retryable"] or code_is_unknown(error) for error in body.get("errors", ()))


def code_is_unknown(error: Body) -> bool:
    """Whether it says that a write's outcome is not known."""
    return bool(error["extensions"]["code"] == "OUTCOME_UNKNOWN")


def outcome_of(body: Body) -> Outcome:
    """How a request ended that was answered. An error without a code, or of the gateway's own, is a failure."""
    codes = codes_of(body)
    if {"?", "INTERNAL"} & set(codes) or not ({"data", "errors"} & set(body)):
        return Outcome.FAILED
    if codes:
        return Outcome.REFUSED
    return Outcome.STALE if "stale" in body.get("extensions", {}) else Outcome.FRESH


@dataclass
class Tally:
    """Counts of one phase."""

    outcomes: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    looks_answered: int = 0
    events: int = 0
    marks: int = 0
    foreign: int = 0

    def asked(self, kind: str | None = None) -> int:
        """How many requests there were, of a kind of client or of all."""
        return sum(count for (of, _), count in self.outcomes.items() if kind in (None, of))

    def of(self, kind: str, outcome: Outcome) -> int:
        """How many requests of a kind of client ended so."""
        return self.outcomes[kind, outcome]

    def total(self, outcome: Outcome) -> int:
        """How many requests ended so."""
        return sum(count for (_, one), count in self.outcomes.items() if one is outcome)

    def count_answer(self, kind: str, body: Body) -> None:
        """Count an answer."""
        outcome = outcome_of(body)
        self.outcomes[kind, outcome] += 1
        self.codes.update(set(codes_of(body)))
        if outcome is Outcome.FAILED:
            self.failures[str(body)[:200]] += 1

    def count_error(self, kind: str, error: BaseException, *, is_sent: bool) -> None:
        """Count a request without an answer."""
        self.outcomes[kind, Outcome.FAILED if is_sent else Outcome.NOT_SENT] += 1
        if is_sent:
            self.failures[repr(error)[:200]] += 1

    def count_look(self, body: Body | None) -> None:
        """Count a look of a player who takes nothing, so that nothing of their own is in the way of showing a copy."""
        self.looks += 1
        self.looks_answered += body is not None and outcome_of(body) in {Outcome.FRESH, Outcome.STALE}

    def look_for_marks(self, text: str, own: str) -> None:
        """Count the marks in what a player was sent, and those that are another one's."""
        found = MARK.findall(text)
        self.marks += len(found)
        self.foreign += len(found) - found.count(own)
