"""`gateway preview`, as a liveops manager asks before a chain is switched on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway import sandbox
from gateway.commands.cli import main
from gateway.preview import view
from tests.support.stack import ANN

HAT = {
    "sku": "hat",
    "name": {"en": "Hat", "de": "Hut"},
    "description": {"en": "Warm", "de-DE": "Warm"},
    "prices": [{"amount": 1.5, "currency": "EUR", "is_default": True}],
}
AT = "2026-01-07T12:00:00+00:00"
STARTS = "2026-01-01T00:00:00+00:00"


def _offer(number: int, name: str, **more: Any) -> dict[str, Any]:
    steps = [
        {"step_number": 1, "is_free": True, "items": [{"sku": "hat", "quantity": 1}]},
        {"step_number": 2, "is_free": False, "items": [{"sku": "hat", "quantity": 2}]},
        {"step_number": 3, "is_free": False, "items": [{"sku": "key", "quantity": 1}]},
    ]
    chain = {"id": number, "name": {"en": name}, "date_start": STARTS, "date_end": None, "is_enabled": True}
    return {**chain, "recurrent_schedule": None, "steps": steps, **more}


LEVEL = {"attribute": "level", "operator": "le", "value": "5", "type": "number"}
WEEKLY = {"interval_type": "weekly", "day_of_week": 1, "time": "06:00:00+00:00"}
POINT = {"sku": "embers", "name": {"en": "Embers"}}
REWARD = {
    "reward_chain_id": 4,
    "name": {"en": "Pass"},
    "date_start": STARTS,
    "is_enabled": True,
    "value_point": {"sku": "embers"},
    "steps": [
        {"name": {"en": "First"}, "price": {"amount": amount}, "reward": [{"sku": "hat", "quantity": 1}]}
        for amount in (10, 100)
    ],
}
DAILY = {
    "id": 5,
    "name": {"en": "Gifts"},
    "date_start": STARTS,
    "is_enabled": True,
    "type": "calendar_hard",
    "steps": [{"step_number": number, "items": [{"sku": "hat", "quantity": number}]} for number in range(1, 9)],
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A project with a chain of each kind, and some that cannot be seen by everybody."""
    snapshot = sandbox.Snapshot(
        project_id=7,
        source="store.xsolla.com",
        taken_at=STARTS,
        virtual_items=(HAT,),
        value_points=(POINT,),
        offer_chains=(
            _offer(1, "Path", recurrent_schedule=WEEKLY, date_end="2026-03-01T00:00:00+00:00"),
            _offer(2, "Elders", attribute_conditions=[LEVEL]),
            _offer(3, "Winter", is_enabled=False),
            _offer(4, "Twice"),
            _offer(9, "Twice", steps=[]),
        ),
        reward_chains=(REWARD,),
        daily_chains=(DAILY,),
    )
    path = tmp_path / "project.json"
    sandbox.write_snapshot(snapshot, path)
    return str(path)


def _run(file: str, *arguments: str) -> int:
    return main(["preview", "--from", file, *(() if "--at" in arguments else ("--at", AT)), *arguments])


def test_all_chains_are_listed_with_who_sees_them(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(file) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].split() == ["chain", "number", "name", "seen", "by", "starts", "ends", "this", "player"]
    assert [line.rpartition("  ")[2] for line in lines[1:]] == [
        "sees it: CLAIM",
        "does not see it",
        "is off",
        "sees it: CLAIM",
        "cannot be previewed",
        "sees it: EARN_POINTS",
        "sees it: CLAIM",
    ]
    assert "level is at least 5" in lines[2]
    assert printed.err.startswith("Changed: item key: it is in no list")
    assert _run(file, "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["project_id"] == 7
    assert listed["chains"][2] == {
        "chain": "offer chain",
        "number": "3",
        "name": "Winter",
        "seen_by": "everybody",
        "starts": "2026-01-01 00:00 UTC",
        "ends": "never",
        "this_player": "is off",
    }


def test_a_chain_is_shown_with_what_each_step_costs_and_what_is_missing(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(file, "--chain", "path", "--language", "de-AT", "--taken", "1", "--attribute", "level=3") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Offer chain Path (1), as a player with level=3 sees it at 2026-01-07 12:00 UTC in de-AT",
        "",
        "  seen by:     everybody",
        "  starts:      2026-01-01 00:00 UTC",
        "  ends:        2026-03-01 00:00 UTC",
        "  starts over: each Monday at 06:00 (+00:00)",
        "",
        "  The player sees “Path”: BUY, 33 % done",
        "  Progress starts over at 2026-01-12 06:00 UTC.",
        "",
        "  step  state      needs     gives",
        "  1     CLAIMED    free      1 x Hut",
        "  2     AVAILABLE  1.5 EUR   2 x Hut",
        "  3     LOCKED     no price  1 x key",
        "",
        "  Missing in de: name",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--chain", "Winter"), 0, "  is off:      shown as if it were on"),
        (("--chain", "2"), 1, "The player does not see it: its conditions, or those of other chains, are not met."),
        (("--chain", "2", "--attribute", "level=5"), 0, "The player sees “Elders”: CLAIM, 0 % done"),
        (("--chain", "Elders", "--anonymous"), 0, "as an anonymous player sees it"),
        (("--chain", "1", "--at", "2025-12-31T00:00:00Z"), 1, "does not see it: it starts at 2026-01-01 00:00 UTC."),
        (("--chain", "1", "--at", "2026-03-02T00:00:00Z"), 1, "does not see it: it ended at 2026-03-01 00:00 UTC."),
        (("--chain", "9"), 1, "The player does not see it: it cannot be previewed."),
        (
            ("--chain", "Pass", "--points", "40", "--clan", "wolves"),
            0,
            "2 First  LOCKED     100 points, 60 missing  1 x Hat",
        ),
        (("--chain", "Pass", "--points", "40"), 0, "  They have 40 points."),
        (("--chain", "Gifts"), 0, "6     LOCKED     missed "),
        (("--chain", "Gifts"), 0, "7     AVAILABLE  opens 2026-01-07 00:00 UTC  7 x Hat"),
        (("--chain", "Gifts", "--anonymous"), 0, "“Gifts”: SIGN_IN"),
    ],
)
def test_each_question_has_its_answer(
    file: str, arguments: tuple[str, ...], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(file, *arguments) == code
    assert says in capsys.readouterr().out


def test_scripts_read_facts_view_and_missing_texts(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(file, "--chain", "Pass", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["facts"]["counts"] == "embers"
    assert printed["seen"]["steps"][0]["pointsMissing"] == 10
    assert printed["missing_texts"] == {"de": ["name", "name of step 1", "name of step 2"]}
    assert _run(file, "--chain", "Elders", "--json") == 1
    assert json.loads(capsys.readouterr().out)["seen"] is None


def test_the_demo_project_is_previewed_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    attributes = [f"--attribute={name}={value}" for name, value in ANN.attributes.items()]
    assert main(["preview", "--chain", "Wanderer's Path", *attributes]) == 0
    assert "1     AVAILABLE  free      3 x Healing Draught" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--taken", "2"), "name it with --chain"),
        (("--chain", "1", "--anonymous", "--taken", "2"), "An anonymous player has no attributes"),
        (("--chain", "Spring"), "There is no chain 'Spring'"),
        (("--chain", "4"), "several chains: offer chain 4, reward chain 4"),
        (("--chain", "twice"), "several chains: offer chain 4, offer chain 9"),
        (("--chain", "1", "--taken", "9"), "Nobody can be that far in the chain: The chain has 3 steps."),
        (("--chain", "1", "--points", "9"), "Nobody can be that far in the chain: The chain counts no points."),
    ],
)
def test_what_cannot_be_asked_is_refused(
    file: str, arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(file, *arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--at", "tomorrow", "must be a time such as"),
        ("--at", "2026-01-01T00:00:00", "must be a time such as"),
        ("--at", "1969-01-01T00:00:00Z", "must be a time such as"),
        ("--attribute", "level", "must be KEY=VALUE"),
        ("--attribute", "=5", "must be KEY=VALUE"),
        ("--taken", "few", "must be a number from 0"),
        ("--language", "de\r\nX-Header: 1", "must be languages such as de"),
    ],
)
def test_options_are_checked(file: str, option: str, value: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        _run(file, option, value)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_a_project_with_many_chains_is_previewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = tuple({**REWARD, "reward_chain_id": number} for number in range(1, 71))
    path = tmp_path / "project.json"
    sandbox.write_snapshot(
        sandbox.Snapshot(project_id=7, source="", taken_at=STARTS, value_points=(POINT,), reward_chains=many), path
    )
    assert _run(str(path)) == 0
    assert capsys.readouterr().out.count("sees it: EARN_POINTS") == 70


def test_what_the_gateway_cannot_answer_is_said(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "QUERY", "{ nothing }")
    assert _run(file) == 2
    assert "The gateway answers with GRAPHQL_VALIDATION_FAILED. See docs/errors.md." in capsys.readouterr().err


def test_facts_without_names_or_prices_have_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nameless: Mapping[str, Any] = {**_offer(1, ""), "name": None}
    path = tmp_path / "project.json"
    sandbox.write_snapshot(
        sandbox.Snapshot(project_id=7, source="", taken_at=STARTS, offer_chains=(dict(nameless),)), path
    )
    assert _run(str(path), "--chain", "1") == 0
    assert "Offer chain  (1), as a player without attributes" in capsys.readouterr().out
