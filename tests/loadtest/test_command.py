"""The load test's command line, up to where locust takes over."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from gateway.server.listener import listen
from gateway.server.listener import url as address
from loadtest.__main__ import LOCUSTFILE, main
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
        return 1

    return await asyncio.to_thread(main, [str(one) for one in arguments], run)


async def test_locust_gets_what_was_asked_for_and_its_verdict_is_ours(
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
    assert told_by_environment == {
        "LOADTEST_TOKENS": str(tokens),
        "LOADTEST_PLAYERS": "2",
        "LOADTEST_PAUSE": "0.0",
    }
    assert capsys.readouterr().out == f"Report: {report}\n"
    assert stack.token() not in " ".join(command)


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
