"""The load test's command line, up to where locust takes over."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.server.listener import listen
from gateway.server.listener import url as address
from loadtest.__main__ import LOCUSTFILE, main
from loadtest.verdict import Figures, Summary
from tests.support.stack import Stack, answers

EXPIRED_SECONDS = 100_000

Runs = list[tuple[list[str], Mapping[str, str]]]


@pytest.fixture
def runs() -> Runs:
    return []


@pytest.fixture
def tokens(tmp_path: Path, stack: Stack) -> Path:
    path = tmp_path / "tokens.txt"
    path.write_text(f"{stack.token()}\n{stack.token(lifetime_seconds=60)}\n")
    return path


async def told(runs: Runs, *arguments: object) -> int:
    """The exit code of the command; what locust would be told is kept."""

    def run(command: Sequence[str], environment: Mapping[str, str]) -> int:
        runs.append((list(command), environment))
        figures = Figures("all", 1000, 1, 20.0, 240.0, 600.0, 33.3)
        Summary([replace(figures, name="badge")], figures, {"its process": 12.0}).write(
            Path(environment["LOADTEST_SUMMARY"])
        )
        return 0

    return await asyncio.to_thread(main, [str(one) for one in arguments], run)


async def test_locust_gets_what_was_asked_for_and_its_figures_are_judged(
    stack: Stack, tokens: Path, tmp_path: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    url, report = f"{stack.gateway_url}/graphql", tmp_path / "report.html"
    options = ("--users", 2, "--seconds", 9, "--pause", 0, "--report", report)
    assert await told(runs, url, "--tokens", tokens, *options) == 1
    ((command, environment),) = runs
    assert command[1:3] == ["-m", "locust"]
    asked = dict(pairwise(command))
    assert (asked["--locustfile"], asked["--host"], asked["--html"]) == (str(LOCUSTFILE), url, str(report))
    assert (asked["--users"], asked["--spawn-rate"], asked["--run-time"]) == ("2", "2", "9s")
    told_by_environment = {name: environment[name] for name in environment if name.startswith("LOADTEST_")}
    assert told_by_environment.pop("LOADTEST_SUMMARY")
    assert told_by_environment == {
        "LOADTEST_TOKENS": str(tokens),
        "LOADTEST_PLAYERS": "2",
        "LOADTEST_PAUSE": "0.0",
        "LOADTEST_PROCESSES": "1",
    }
    *table, missed, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table] == ["requests", "badge", "all", "Load"]
    assert missed == "Missed: 0.10% of the answers failed, 0% may."
    assert last == f"Report: {report}"
    assert stack.token() not in " ".join(command)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--failures", "0.1%"), 0),
        (("--failures", "0.1%", "--p95", "250ms", "--p99", "0.6s"), 0),
        (("--failures", "0.09%"), 1),
        (("--failures", "1%", "--p95", "239ms"), 1),
        (("--failures", "1%", "--p99", "0.5s"), 1),
    ],
)
async def test_a_threshold_that_is_missed_is_exit_code_1(
    stack: Stack, tokens: Path, tmp_path: Path, runs: Runs, options: tuple[str, ...], code: int
) -> None:
    report = ("--report", tmp_path / "report.html")
    assert await told(runs, f"{stack.gateway_url}/graphql", "--tokens", tokens, "--users", 1, *report, *options) == code


async def test_players_are_spread_over_processes_and_start_by_and_by(
    stack: Stack, tokens: Path, tmp_path: Path, runs: Runs
) -> None:
    options = ("--users", 2, "--processes", 2, "--ramp", 4, "--report", tmp_path / "report.html")
    await told(runs, f"{stack.gateway_url}/graphql", "--tokens", tokens, *options)
    ((command, environment),) = runs
    asked = dict(pairwise(command))
    assert (asked["--processes"], asked["--spawn-rate"], environment["LOADTEST_PLAYERS"]) == ("2", "0.5", "2")


async def test_each_process_needs_as_many_tokens_as_any_of_them(
    tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--users", 2, "--processes", 3)
    assert await told(runs, "http://127.0.0.1:9/graphql", "--tokens", tokens, *options) == 2
    assert "has 2 tokens for 3 users" in capsys.readouterr().err


async def test_a_run_that_measures_nothing_is_told(
    stack: Stack, tokens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, report = f"{stack.gateway_url}/graphql", tmp_path / "report.html"
    arguments = [url, "--tokens", str(tokens), "--users", "1", "--report", str(report)]
    assert await asyncio.to_thread(main, arguments, lambda *_: 7) == 2
    assert "loadtest: locust has ended with code 7 and measured nothing." in capsys.readouterr().err


async def test_a_token_that_is_not_accepted_is_told_before_anything_runs(
    stack: Stack, tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.clock.advance(EXPIRED_SECONDS)
    assert await told(runs, f"{stack.gateway_url}/graphql", "--tokens", tokens, "--users", 1) == 2
    said = capsys.readouterr().err
    assert said.startswith("loadtest: the first token is not accepted: TOKEN_EXPIRED at viewer.badge")
    assert "eyJ" not in said
    assert runs == []


async def test_a_gateway_that_cannot_answer_is_told(
    stack: Stack, tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.seam.on("GET .*", answers(503))
    assert await told(runs, f"{stack.gateway_url}/graphql", "--tokens", tokens, "--users", 1) == 2
    assert "/graphql answers wrongly: UPSTREAM_UNAVAILABLE at viewer.badge" in capsys.readouterr().err
    assert runs == []


async def test_a_page_that_is_no_gateway_is_told(
    stack: Stack, tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await told(runs, f"{stack.gateway_url}/nowhere", "--tokens", tokens, "--users", 1) == 2
    assert "/nowhere answers wrongly: status 404, not JSON." in capsys.readouterr().err


async def test_a_gateway_that_is_not_there_is_told(
    tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0) as listener:
        url = f"{address(listener)}/graphql"
    assert await told(runs, url, "--tokens", tokens, "--users", 1) == 2
    assert f"{url} cannot be reached: " in capsys.readouterr().err
    assert runs == []


@pytest.mark.parametrize("name", ["missing/report.html", "."])
async def test_a_report_that_cannot_be_written_is_told(
    tokens: Path, tmp_path: Path, runs: Runs, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    url = "http://127.0.0.1:9/graphql"
    assert await told(runs, url, "--tokens", tokens, "--users", 1, "--report", tmp_path / name) == 2
    assert "the report cannot be written to" in capsys.readouterr().err


async def test_fewer_tokens_than_users_are_told(tokens: Path, runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    assert await told(runs, "http://127.0.0.1:9/graphql", "--tokens", tokens) == 2
    assert "has 2 tokens for 20 users: add tokens, or lower --users." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["ftp://x/graphql", "--tokens", "t"], "must be an http or https URL"),
        (["http://user@x/graphql", "--tokens", "t"], "must be an http or https URL"),
        (["http://x/graphql"], "--tokens"),
        (["http://x/graphql", "--tokens", "t", "--users", "0"], "must be a number, 1 or more"),
        (["http://x/graphql", "--tokens", "t", "--pause", "-1"], "must be a number, 0 or more"),
        (["http://x/graphql", "--tokens", "t", "--seconds", "soon"], "must be a number, 1 or more"),
    ],
)
def test_wrong_options_are_told(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert text in capsys.readouterr().err


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "scripts/loadtest http://127.0.0.1:8000/graphql --tokens tokens.txt\n" in capsys.readouterr().out
