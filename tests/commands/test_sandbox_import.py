"""`gateway sandbox import`, `--from` and `diff`, as a person at a terminal or a script runs them."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway import sandbox
from gateway.commands import sandbox_import, snapshots
from gateway.commands.cli import main
from gateway.sandbox.snapshots import admin_api
from tests.support.clock import Clock
from tests.support.commands import ask, first_line, running
from tests.support.stack import serving_sandbox

PROJECT = str(sandbox.DEMO_PROJECT_ID)
DEAD = "http://127.0.0.1:9/api"


@pytest.fixture(autouse=True)
def _quick_and_keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing, and have no key."""
    monkeypatch.setattr(admin_api, "CALLS_PER_SECOND", 10_000)
    monkeypatch.setattr(admin_api, "MOST_ATTEMPTS", 1)
    for name in (sandbox_import.KEY, sandbox_import.KEY_FILE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the demo's project."""
    file = tmp_path_factory.mktemp("snapshots") / "demo.json"

    async def take() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(sandbox_import.KEY, sandbox.DEMO_API_KEY)
            patch.setattr(admin_api, "CALLS_PER_SECOND", 10_000)
            async with serving_sandbox(Clock(time.time())) as url:
                arguments = ["sandbox", "import", "--project", PROJECT, "--url", f"{url}/api", "--output", str(file)]
                assert await asyncio.to_thread(main, arguments) == 0

    asyncio.run(take())
    return file


def _import(file: Path, *more: str) -> int:
    return main(["sandbox", "import", "--project", PROJECT, "--url", DEAD, "--output", str(file), *more])


async def test_a_project_is_copied_with_progress_and_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key_file, output = tmp_path / "key", tmp_path / "project.json"
    key_file.write_text(f"{sandbox.DEMO_API_KEY}\n")
    output.write_text("of yesterday")
    monkeypatch.setenv(sandbox_import.KEY_FILE, str(key_file))
    async with serving_sandbox(Clock(time.time())) as url:
        arguments = ["sandbox", "import", "--project", PROJECT, "--url", f"{url}/api", "--output", str(output)]
        assert await asyncio.to_thread(main, [*arguments, "--replace", "--merchant", "5"]) == 0
    printed = capsys.readouterr()
    assert "4 of 4 offer chains\n2 of 2 reward chains\n2 of 2 daily chains" in printed.out
    assert "players" in printed.out.replace("player's", "players")
    assert f"gateway sandbox --from {output}" in printed.out
    assert printed.err.splitlines()[0] == "Reading virtual items …"
    assert len(printed.err.splitlines()) == 9
    assert sandbox.DEMO_API_KEY not in printed.out + printed.err + output.read_text()
    assert json.loads(output.read_text())["project_id"] == sandbox.DEMO_PROJECT_ID


def test_a_terminal_sees_counts_and_is_asked_for_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return sandbox.DEMO_API_KEY

    monkeypatch.setattr(sandbox_import, "getpass", answer)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    app = sandbox.create_sandbox()
    monkeypatch.setattr(httpx, "AsyncHTTPTransport", lambda **_: httpx.ASGITransport(app))
    assert _import(tmp_path / "project.json") == 0
    app.state.sandbox.close()
    assert asked == ["API key (Publisher Account, Company settings, API keys): "]
    printed = capsys.readouterr()
    assert "\rReading offer chains: 4\nReading reward chains: 1\rReading reward chains: 2" in printed.err
    assert printed.out.startswith("\n8 of 8 virtual items")


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "There is no API key: set XSOLLA_API_KEY_FILE"),
        ({sandbox_import.KEY: "long-enough", sandbox_import.KEY_FILE: "key"}, "cannot both be set"),
        ({sandbox_import.KEY_FILE: "/nonexistent/key"}, "names cannot be read"),
        ({sandbox_import.KEY: "tiny"}, "The API key is not one"),
        ({sandbox_import.KEY: "with a l\u00fccke in it"}, "The API key is not one"),
        ({sandbox_import.KEY: "with a\nline break"}, "The API key is not one"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_without_being_shown(
    environment: Mapping[str, str],
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert _import(tmp_path / "project.json") == 2
    printed = capsys.readouterr().err
    assert says in printed
    assert not any(value in printed for value in environment.values() if value != "key")


@pytest.mark.parametrize(
    ("code", "more", "says"),
    [
        (1, (), "got no answer (ConnectError), 1 times"),
        (1, ("--url", "https://example.org/api"), "The URL is not one that a project is read from"),
        (2, ("--output", "/nonexistent/project.json"), "There is no folder /nonexistent"),
        (2, ("--output", "/dev/null"), "/dev/null exists. Name another file, or add --replace."),
    ],
)
def test_what_goes_wrong_is_said_and_nothing_is_written(
    code: int,
    more: tuple[str, ...],
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(sandbox_import.KEY, "long-enough-for-a-key")
    assert _import(tmp_path / "project.json", *more) == code
    assert says in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_a_sandbox_cannot_play_is_said_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(sandbox_import.KEY, "long-enough-for-a-key")

    offered = [{"id": number, "name": None, "weather": "rain"} for number in range(50)]

    async def answer(request: Request) -> JSONResponse:
        path = request.url.path
        if path.endswith("/daily_chain"):
            return JSONResponse({}, 403)
        if path.endswith("/offer_chain"):
            return JSONResponse({"items": offered, "has_more": False})
        return JSONResponse(offered[int(path.rpartition("/")[2])] if "/offer_chain/id/" in path else {"items": []})

    app = Starlette(routes=[Route("/{path:path}", answer)])
    monkeypatch.setattr(httpx, "AsyncHTTPTransport", lambda **_: httpx.ASGITransport(app))
    assert _import(tmp_path / "project.json", "--project", "7") == 1
    printed = capsys.readouterr().out
    assert "0 of 50 offer chains" in printed
    assert "Not available with this key: daily chains" in printed
    assert "Missing: offer chain 0: There must be a minimum of 1 items in the array (at steps)" in printed
    assert "… and 10 more" in printed
    assert "Kept, though it is not documented: offer_chains.weather" in printed


@pytest.mark.slow
async def test_the_sandbox_and_the_demo_run_a_snapshot(file: Path) -> None:
    async with running("sandbox", "--port", "0", "--from", str(file)) as process:
        url = (await first_line(process)).partition("GATEWAY_UPSTREAM_URL=")[2].rstrip(")")
        assert await first_line(process) == f"It has project {PROJECT} (GATEWAY_PROJECT_ID={PROJECT})"
        async with httpx.AsyncClient() as http:
            items = (await http.get(f"{url}/v2/project/{PROJECT}/user/daily_chain")).json()
            assert (await http.post(f"{url.removesuffix('/api')}/_sandbox/reset")).status_code == 204
            again = (await http.get(f"{url}/v2/project/{PROJECT}/user/daily_chain")).json()
        assert [chain["name"] for chain in items["items"]] == ["Seven Sunrises", "Campfire Streak"]
        assert again == items
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json", "--from", str(file)) as process:
        facts = json.loads(await first_line(process))
        viewer = "{ viewer { isSignedIn rewardChains { name progressPercent } } }"
        answer = await ask(facts["graphql_url"], viewer, facts["players"][1]["token"])
    assert answer["data"]["viewer"] == {
        "isSignedIn": True,
        "rewardChains": [
            {"name": "Ember Trail", "progressPercent": 0},
            {"name": "Raise the Banner", "progressPercent": 0},
        ],
    }


def test_a_database_keeps_the_project_that_it_has(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = str(tmp_path / "demo.sqlite3")
    sandbox.create_sandbox(database).state.sandbox.close()
    assert main(["sandbox", "--port", "0", "--database", database, "--from", str(file)]) == 2
    assert "already has project 44056" in capsys.readouterr().err


def test_what_of_a_snapshot_is_missing_is_said_at_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    app = sandbox.create_sandbox(seed_demo=False)
    broken = sandbox.Snapshot(project_id=7, source="", taken_at="", offer_chains=({"id": 3},))
    assert snapshots.load(app, broken).problems
    app.state.sandbox.close()
    assert capsys.readouterr().err.startswith("Missing: offer chain 3: ")


def test_two_snapshots_are_compared_in_words_and_in_json(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sandbox", "diff", str(file), str(file)]) == 0
    assert capsys.readouterr().out.endswith("\n\n0 differ, 22 are the same.\n")
    later = json.loads(file.read_text())
    later["offer_chains"][0]["name"]["en"] = "Renamed"
    del later["offer_chains"][0]["description"]["fr"]
    del later["virtual_currencies"][0]
    later["daily_chains"].append({"id": 99, "name": {"en": "Added"}})
    other = tmp_path / "later.json"
    other.write_text(json.dumps(later))
    assert main(["sandbox", "diff", str(file), str(other)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("A: project 44056, taken 20")
    assert lines[3:] == [
        "Virtual currency gold is gone",
        "Offer chain Renamed (1)",
        "  name (en): “Wanderer's Path” → “Renamed”",
        "  description (fr): “Cinq présents au bord du chemin ; certains valent bien une pièce.” → (nothing)",
        "Daily chain Added (99) is new",
        "3 differ, 20 are the same.",
    ]
    assert main(["sandbox", "diff", str(file), str(other), "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["same"] == 20
    assert printed["differences"][0] == {
        "kind": "virtual currency", "name": "gold", "is_new": False, "is_gone": True, "changes": []
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"format": "other"}'])
def test_a_file_that_is_no_snapshot_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "project.json"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        main(["sandbox", "diff", str(file), str(file)])
    assert ended.value.code == 2
    assert "is not a snapshot of a project" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["demo", "--from", str(tmp_path / "none.json")])
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_snapshot_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    snapshot = sandbox.Snapshot(project_id=7, source="", taken_at="")
    with pytest.raises(sandbox.SnapshotError, match="cannot be written"):
        sandbox.write_snapshot(snapshot, tmp_path)
    assert list(tmp_path.iterdir()) == []
