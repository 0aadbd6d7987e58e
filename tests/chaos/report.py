"""The table at the end, and what has to be true of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.chaos.phases import Phase
from tests.chaos.tally import Outcome, Tally

KINDS = ("HTTP", "sockets", "streams")
NORMAL = "normal"

OF_KIND = ("Phase", "Client", "Asked", "Fresh", "Stale", "Refused", "Failed", "Not sent")
OF_PHASE = ("Looks", "Calls", "First s", "Back", "Turn", "MB")

MOST_RECOVERY_SECONDS = 10.0
"""By when everybody is answered afresh after a fault: the breaker's 5 seconds, 3 of the recovery, and a look."""

MOST_MEMORY_MB = 60.0
"""By how much memory may have grown between the first phase and the last."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one phase was like.

    `herd` counts upstream calls in the first second after it, and `recovery_seconds` is how long after its end
    everybody was answered afresh again.
    """

    phase: Phase
    tally: Tally
    seconds: float
    calls: int
    herd: int
    recovery_seconds: float | None
    ignored_waits: int
    turn_ms: float
    memory_mb: float
    restarts: int = 0
    restarts_with_webhooks: int = 0

    @property
    def calls_per_second(self) -> float:
        """Upstream calls a second while the fault lasted."""
        return self.calls / self.seconds


@dataclass(frozen=True, slots=True)
class Ending:
    """What is known when all is over."""

    double_orders: Sequence[str]
    lost_webhooks: int
    unpaid_orders: Sequence[str]
    defects: Sequence[str]
    orders: int
    audit: str


def table(rows: Sequence[Row]) -> str:
    """What players saw, as a table of Markdown: one line for each phase and kind of client."""
    normal = rows[0].calls_per_second
    heads = (*OF_KIND, *OF_PHASE)
    lines = [f"| {' | '.join(heads)} |", f"|---|---|{'--:|' * (len(heads) - 2)}"]
    for row in rows:
        calls = [f"{one / normal:.2f}" if normal else "?" for one in (row.calls_per_second, row.herd)]
        back = "never" if row.recovery_seconds is None else f"{row.recovery_seconds:.1f} s"
        machine = [f"{row.turn_ms:.0f} ms", f"{row.memory_mb:.0f}"]
        of_phase = [f"{100 * _answered(row.tally):.0f} %", *calls, back, *machine]
        for kind in KINDS:
            counts = [row.tally.asked(kind), *(row.tally.of(kind, outcome) for outcome in Outcome)]
            name = row.phase.name if kind == KINDS[0] else ""
            cells = [name, kind, *map(str, counts), *(of_phase if name else [""] * len(of_phase))]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def details(rows: Sequence[Row], ending: Ending) -> str:
    """The codes of each phase, and what was counted over all of them."""
    lines = [f"  {row.phase.name}: {_codes(row.tally)}" for row in rows if row.tally.codes]
    marks, events = sum(row.tally.marks for row in rows), sum(row.tally.events for row in rows)
    lines += [
        f"Upstream calls a second, normally {rows[0].calls_per_second:.0f}",
        f"Marks seen {marks}, of others {sum(row.tally.foreign for row in rows)}; events {events}",
        f"Orders {ending.orders}, double {len(ending.double_orders)}, paid but not shown {len(ending.unpaid_orders)}",
        *map(_restarts, (row for row in rows if row.restarts)),
        f"Webhooks lost {ending.lost_webhooks}",
        f"Calls inside of a window {sum(row.ignored_waits for row in rows)}; defects in the log {len(ending.defects)}",
    ]
    return "\n".join(["Codes:", *lines])


def broken(rows: Sequence[Row], ending: Ending) -> list[str]:
    """A sentence for each thing that must never be, however slow the machine is."""
    return [*_broken_ending(ending), *(sentence for row in rows for sentence in _broken_row(row))]


def missed(rows: Sequence[Row]) -> list[str]:
    """A sentence for each aim that was missed, which may be the machine's fault."""
    return [sentence for row in rows for sentence in _missed_by(row, rows[0], rows[-1])]


def _broken_ending(ending: Ending) -> Iterable[str]:
    if ending.double_orders:
        yield f"Players have more orders than they asked for: {', '.join(ending.double_orders)}."
    if ending.audit:
        yield f"The upstream's database is not sound: {ending.audit}."
    if ending.lost_webhooks:
        yield f"{ending.lost_webhooks} webhooks were never taken."
    if ending.unpaid_orders:
        yield f"Orders were paid and are not shown so: {', '.join(ending.unpaid_orders)}."
    if ending.defects:
        yield f"The log names {len(ending.defects)} defects, the first of them: {ending.defects[0][:2_000]}"


def _broken_row(row: Row) -> Iterable[str]:
    name, tally = row.phase.name, row.tally
    if tally.foreign:
        yield f"{name}: players saw {tally.foreign} values of others."
    if tally.total(Outcome.FAILED):
        yield f"{name}: {tally.total(Outcome.FAILED)} requests failed without an answer: {dict(tally.failures)}."
    if not all(tally.asked(kind) for kind in KINDS):
        yield f"{name}: some kind of client asked nothing."


def _missed_by(row: Row, normal: Row, last: Row) -> Iterable[str]:
    name, tally = row.phase.name, row.tally
    if row.phase.is_harmless and tally.total(Outcome.REFUSED):
        yield f"{name}: players were refused ({_codes(tally)}), although nothing failed that they need."
    if _answered(tally) < row.phase.looks_answered:
        least = row.phase.looks_answered
        yield f"{name}: {_answered(tally):.0%} of the looks of players who took nothing were answered, not {least:.0%}."
    if row.ignored_waits:
        yield f"{name}: {row.ignored_waits} calls were sent inside of a window of Retry-After."
    most = row.phase.most_calls
    if most is not None and row.calls_per_second > most * normal.calls_per_second + 1:
        yield f"{name}: {row.calls_per_second:.1f} upstream calls a second; {normal.calls_per_second:.1f} are normal."
    if most is not None and row.herd > row.phase.most_herd * normal.calls_per_second:
        yield f"{name}: {row.herd} upstream calls in the second after it; {normal.calls_per_second:.1f} are normal."
    if row.recovery_seconds is None:
        yield f"{name}: not everybody was answered afresh within {MOST_RECOVERY_SECONDS:.0f} seconds after its end."
    if row.turn_ms > row.phase.most_turn_ms:
        yield f"{name}: a turn of the event loop took {row.turn_ms:.0f} ms of CPU."
    if row is last and row.memory_mb > normal.memory_mb + MOST_MEMORY_MB:
        yield f"Memory grew from {normal.memory_mb:.0f} to {row.memory_mb:.0f} MB."


def _restarts(row: Row) -> str:
    tally = row.tally
    return (
        f"Restarts {row.restarts}, {row.restarts_with_webhooks} of them with webhooks on their way:"
        f" requests {tally.asked()}, failed {tally.total(Outcome.FAILED)},"
        f" refused {tally.total(Outcome.REFUSED)}, refused for being late {tally.total(Outcome.NOT_SENT)}"
    )


def _answered(tally: Tally) -> float:
    return tally.looks_answered / tally.looks if tally.looks else 1.0


def _codes(tally: Tally) -> str:
    return ", ".join(f"{code} {count}" for code, count in tally.codes.most_common())
