"""The suite itself: some of its phases as the command runs them, and each sentence about what must not be."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos.__main__ import main
from tests.chaos.phases import PHASES, Phase
from tests.chaos.report import KINDS, Ending, Row, broken, missed, table
from tests.chaos.run import run
from tests.chaos.tally import Outcome, Tally, outcome_of

NORMAL = PHASES[0]
FAILING = next(phase for phase in PHASES if phase.most_calls is not None)
WELL = Ending(double_orders=(), lost_webhooks=0, unpaid_orders=(), defects=(), orders=5, audit="")


def row(phase: Phase = NORMAL, **changes: object) -> Row:
    outcomes = Counter({(kind, Outcome.FRESH): 10 for kind in KINDS})
    good = Row(phase, Tally(outcomes), 10, 100, 0, 0.5, 0, 5, 100)
    return replace(good, **changes)  # type: ignore[arg-type]  # each has its own type


def tally(outcome: Outcome, **counts: int) -> Tally:
    one = Tally(Counter({(kind, outcome): 1 for kind in KINDS}))
    for name, count in counts.items():
        setattr(one, name, count)
    return one


def test_nothing_is_said_of_rows_as_they_have_to_be() -> None:
    assert [*broken([row(), row(FAILING)], WELL), *missed([row(), row(FAILING)])] == []
    assert "| normal | HTTP | 10 | 10 | 0 | 0 | 0 | 0 | 100 % | 1.00 | 0.00 | 0.5 s | 5 ms | 100 |" in table([row()])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (row(FAILING, tally=tally(Outcome.FRESH, foreign=3)), "players saw 3 values of others"),
        (row(FAILING, tally=tally(Outcome.FAILED)), "3 requests failed without an answer"),
        (row(FAILING, tally=Tally()), "some kind of client asked nothing"),
        (row(NORMAL, tally=tally(Outcome.REFUSED)), "players were refused"),
        (row(FAILING, tally=tally(Outcome.FRESH, looks=10, looks_answered=2)), "20% of the looks"),
        (row(FAILING, ignored_waits=2), "2 calls were sent inside of a window"),
        (row(FAILING, calls=200), "20.0 upstream calls a second; 10.0 are normal"),
        (row(FAILING, herd=30), "30 upstream calls in the second after it; 10.0 are normal"),
        (row(FAILING, recovery_seconds=None), "not everybody was answered afresh"),
        (row(FAILING, turn_ms=400), "a turn of the event loop took 400 ms"),
        (row(FAILING, memory_mb=300), "Memory grew from 100 to 300 MB"),
    ],
    ids=lambda value: value.phase.name if isinstance(value, Row) else value,
)
def test_a_row_that_is_not_as_it_has_to_be_is_named(changed: Row, sentence: str) -> None:
    rows = [row(), changed]
    (said,) = [*broken(rows, WELL), *missed(rows)]
    assert sentence in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"double_orders": ["ann 2 of 1"]}, "more orders than they asked for: ann 2 of 1"),
        ({"lost_webhooks": 2}, "2 webhooks were never taken"),
        ({"unpaid_orders": ["o1"]}, "paid and are not shown so: o1"),
        ({"defects": ["Traceback"]}, "names 1 defects, the first of them: Traceback"),
        ({"audit": "a claim without an order"}, "not sound: a claim without an order"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_ending_that_is_not_as_it_has_to_be_is_named(changes: dict[str, object], sentence: str) -> None:
    (said,) = broken([row()], replace(WELL, **changes))  # type: ignore[arg-type]  # each has its own type
    assert sentence in said


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"data": {}}, Outcome.FRESH),
        ({"data": {}, "extensions": {"stale": {"ageSeconds": 3}}}, Outcome.STALE),
        ({"data": {}, "errors": [{"extensions": {"code": "RATE_LIMITED"}}]}, Outcome.REFUSED),
        ({"data": {}, "errors": [{"extensions": {"code": "INTERNAL"}}]}, Outcome.FAILED),
        ({"errors": [{"message": "no code"}]}, Outcome.FAILED),
        ({}, Outcome.FAILED),
    ],
    ids=["fresh", "stale", "refused", "internal", "no code", "empty"],
)
def test_how_a_request_ended(body: dict[str, object], outcome: Outcome) -> None:
    assert outcome_of(body) is outcome


FEW = {
    "normal": 4,
    "5xx burst": 5,
    "resets, lost answers": 6,
    "restarts": 8,
    "normal again": 4,
}


@pytest.mark.slow
async def test_players_get_through_faults(tmp_path: Path) -> None:
    phases = [phase for phase in PHASES if phase.name in FEW]
    rows, ending = await run(tmp_path, phases, lambda phase: FEW[phase.name], lambda _: None)
    assert broken(rows, ending) == [], table(rows)
    assert sum(row.tally.marks for row in rows) > 100
    assert ending.orders
    assert sum(row.restarts for row in rows) == 2


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "scripts/chaos --quick" in capsys.readouterr().out
