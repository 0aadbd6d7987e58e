"""The command line, as a person or a script runs it."""

import asyncio
import json
import os
import platform
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

import gateway
from gateway import sandbox
from gateway.commands.cli import main
from tests.support.commands import ENVIRONMENT, ask, first_line, logged, output, running, start

ELSEWHERE = {"GATEWAY_STORE_URL": "redis://127.0.0.1:1", "GATEWAY_LOG_LEVEL": "error"}
"""A store that is not asked before what is tested is found out."""

VIEWER = "{ viewer { isSignedIn offerChains { name nextAction } } }"


@pytest.mark.slow
async def test_the_demo_tells_scripts_where_everything_is() -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json") as process:
        facts = json.loads(await first_line(process))
        assert list(facts) == [
            "graphql_url",
            "graphiql_url",
            "shop_url",
            "sandbox_url",
            "project_id",
            "api_key",
            "players",
        ]
        assert (facts["project_id"], facts["api_key"]) == (sandbox.DEMO_PROJECT_ID, sandbox.DEMO_API_KEY)
        assert [(one["id"], one["name"]) for one in facts["players"]] == [
            (one.id, one.name) for one in sandbox.DEMO_PLAYERS
        ]
        for player in facts["players"]:
            viewer = (await ask(facts["graphql_url"], VIEWER, player["token"]))["data"]["viewer"]
            assert viewer["isSignedIn"] is True
            assert viewer["offerChains"][0]["name"] == "Wanderer's Path"
        async with httpx.AsyncClient() as http:
            root = await http.get(facts["graphql_url"].removesuffix("graphql"))
            assert (root.status_code, root.headers["location"]) == (307, "graphiql")
            page = await http.get(facts["graphiql_url"])
            assert facts["players"][0]["token"] in page.text
            assert (await ask(facts["graphql_url"], "{ __schema { queryType { name } } }"))["data"]["__schema"]
            assert (await http.get(facts["sandbox_url"])).status_code == 200


@pytest.mark.slow
async def test_the_demo_tells_people_lines_that_work_when_pasted() -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0") as process:
        assert process.stdout is not None
        text = (await process.stdout.readuntil(b"Ctrl+C")).decode()
        for name in [one.name for one in sandbox.DEMO_PLAYERS]:
            assert name in text
        answers = []
        for line in [line for line in text.splitlines() if line.startswith("  curl ")]:
            curl = await asyncio.create_subprocess_shell(line, stdout=asyncio.subprocess.PIPE)
            answers.append(json.loads((await curl.communicate())[0]))
        of_a_player, of_a_publisher = answers
        assert of_a_player["data"]["viewer"]["badge"]["claimableCount"] > 0
        assert of_a_publisher["name"]["en"] == "Wanderer's Path"


@pytest.mark.slow
async def test_the_demos_webhooks_reach_its_gateway() -> None:
    async with running("demo", "--port", "0", "--sandbox-port", "0", "--json") as process:
        facts = json.loads(await first_line(process))
        token = facts["players"][0]["token"]
        states = "{ viewer { offerChains { steps { id state } } } }"
        first = (await ask(facts["graphql_url"], states, token))["data"]["viewer"]["offerChains"][0]["steps"][0]
        claim = f'mutation {{ claimOfferChainStep(input: {{stepId: "{first["id"]}"}}) {{ userErrors {{ code }} }} }}'
        await ask(facts["graphql_url"], claim, token)
        async with httpx.AsyncClient() as http, asyncio.timeout(30):
            log: dict[str, Any] = {"outcome": None}
            while log["outcome"] is None:
                (log,) = (await http.get(f"{facts['sandbox_url']}/_sandbox/webhooks")).json()["items"]
        (attempt,) = log["attempts"]
        assert (log["notification_type"], attempt["status"]) == ("order_paid", 204)
        assert attempt["url"] == facts["graphql_url"].replace("/graphql", "/webhooks/xsolla")


@pytest.mark.slow
async def test_the_demo_keeps_its_state_in_a_file(tmp_path: Path) -> None:
    arguments = ("demo", "--port", "0", "--sandbox-port", "0", "--json", "--database", str(tmp_path / "demo.sqlite3"))
    states = "{ viewer { offerChains { steps { id state } } } }"
    async with running(*arguments) as process:
        facts = json.loads(await first_line(process))
        token = facts["players"][0]["token"]
        first = (await ask(facts["graphql_url"], states, token))["data"]["viewer"]["offerChains"][0]["steps"][0]
        assert first["state"] == "AVAILABLE"
        claim = f'mutation {{ claimOfferChainStep(input: {{stepId: "{first["id"]}"}}) {{ userErrors {{ code }} }} }}'
        assert (await ask(facts["graphql_url"], claim, token))["data"]["claimOfferChainStep"]["userErrors"] == []
    async with running(*arguments) as process:
        facts = json.loads(await first_line(process))
        first = (await ask(facts["graphql_url"], states, token))["data"]["viewer"]["offerChains"][0]["steps"][0]
        assert first["state"] == "CLAIMED"


@pytest.mark.slow
async def test_serve_works_against_an_upstream_that_runs_elsewhere() -> None:
    async with running("sandbox", "--port", "0") as upstream:
        url = (await first_line(upstream)).partition("GATEWAY_UPSTREAM_URL=")[2].rstrip(")")
        settings = {
            "GATEWAY_PROJECT_ID": str(sandbox.DEMO_PROJECT_ID),
            "GATEWAY_UPSTREAM_URL": url,
            "GATEWAY_PORT": "0",
        }
        async with running("serve", **settings) as process:
            graphql = (await first_line(process)).removeprefix("Listening on ")
            token = await output("token", "--player", "ann", "--name", "Ann", "--attribute", "clan=wolves")
            viewer = (await ask(graphql, VIEWER, token))["data"]["viewer"]
            assert viewer["isSignedIn"] is True
            expired = await output("token", "--player", "ann", "--lifetime", "-1")
            body = await ask(graphql, VIEWER, expired)
            assert body["errors"][0]["extensions"]["code"] == "TOKEN_EXPIRED"


@pytest.mark.slow
async def test_tokens_of_many_players_are_printed_one_a_line() -> None:
    lines = (await output("token", "--player", "load", "--count", "3")).splitlines()
    subjects = [jwt.decode(line, options={"verify_signature": False})["sub"] for line in lines]
    assert subjects == ["load-1", "load-2", "load-3"]


@pytest.mark.slow
async def test_the_sandbox_is_slow_and_faulty_where_it_is_told_to_be() -> None:
    fault = "get-offer-chains-list:status=503,count=1"
    async with running("sandbox", "--port", "0", "--fault", fault, "--latency", "1", "--seed", "7") as upstream:
        url = (await first_line(upstream)).partition("GATEWAY_UPSTREAM_URL=")[2].rstrip(")")
        async with httpx.AsyncClient() as http:
            path = f"{url}/v2/project/{sandbox.DEMO_PROJECT_ID}/user/offer_chain"
            assert [(await http.get(path)).status_code for _ in range(2)] == [503, 200]


@pytest.mark.slow
async def test_an_upstream_that_is_down_is_reported_and_the_gateway_stays_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_UPSTREAM_URL": f"http://127.0.0.1:{port}", "GATEWAY_PORT": "0"}
    async with running("serve", **settings) as process:
        graphql = (await first_line(process)).removeprefix("Listening on ")
        body = await ask(graphql, "{ serverTime viewer { offerChains { name } } }")
        assert body["errors"][0]["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert body["data"]["serverTime"]


@pytest.mark.slow
@pytest.mark.parametrize("is_kept", [True, False])
async def test_serve_warns_once_when_nothing_survives_a_restart(tmp_path: Path, is_kept: bool) -> None:
    settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0"}
    if is_kept:
        settings["GATEWAY_RECORDS_FILE"] = str(tmp_path / "records.sqlite3")
    process = await start("serve", **settings)
    await first_line(process)
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    levels = [(one["level"], one["event"]) for one in logged(errors) if one["level"] != "INFO"]
    assert levels == ([] if is_kept else [("WARNING", "records_in_memory")])


@pytest.mark.slow
async def test_serve_starts_beside_a_kubernetes_service_of_its_name_and_warns() -> None:
    # The other port has a default, which something else on this machine may use.
    links = {"GATEWAY_PORT_8000_TCP": "tcp://10.0.0.7:8000", "GATEWAY_SERVICE_HOST": "10.0.0.7"}
    replaced = {"GATEWAY_ADMIN_PORT": "tcp://10.0.0.7:9000"}
    settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_RECORDS_FILE": ":memory:"}
    process = await start("serve", **settings, **links, **replaced)
    await first_line(process)
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    (warning,) = [one for one in map(json.loads, errors.splitlines()) if one["level"] != "INFO"]
    assert (warning["event"], warning["setting"]) == ("setting_ignored", "GATEWAY_ADMIN_PORT")


@pytest.mark.slow
async def test_a_drained_gateway_takes_requests_until_it_is_told_again() -> None:
    settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_DRAIN_SECONDS": "600"}
    process = await start("serve", **settings)
    graphql = (await first_line(process)).removeprefix("Listening on ")
    ready = graphql.replace("/graphql", "/readyz")
    async with httpx.AsyncClient() as http, asyncio.timeout(60):
        assert "connection" not in (await http.get(ready)).headers
        process.send_signal(signal.SIGTERM)
        while (response := await http.get(ready)).status_code != 503:
            continue
        assert response.headers["connection"] == "close"
        answer = await http.post(graphql, json={"query": "{ serverTime }"})
        assert answer.json()["data"]["serverTime"]
        assert answer.headers["connection"] == "close"
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 128 + signal.SIGTERM


@pytest.mark.slow
async def test_an_admin_port_takes_probes_metrics_and_version_off_the_public_one() -> None:
    settings = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_ADMIN_PORT": "0", "GATEWAY_ADMIN_HOST": "::1"}
    async with running("serve", **settings) as process, httpx.AsyncClient() as http:
        public = (await first_line(process)).removeprefix("Listening on ").removesuffix("/graphql")
        admin = (await first_line(process)).removeprefix("Probes and metrics on ")
        assert admin.startswith("http://[::1]:")
        for path in ("/livez", "/readyz", "/version", "/metrics"):
            assert (await http.get(admin + path)).status_code == 200
            assert (await http.get(public + path)).status_code == 404
        assert (await http.get(f"{admin}/version")).json() == {
            "name": "liveops-gateway",
            "version": gateway.__version__,
        }
        assert (await http.post(f"{admin}/graphql", json={"query": "{ serverTime }"})).status_code == 404
        assert (await http.request("OPTIONS", f"{admin}/livez")).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.slow
async def test_the_demo_has_an_admin_port_where_it_is_set() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ("demo", "--port", "0", "--sandbox-port", "0", "--json")
    async with running(*arguments, GATEWAY_ADMIN_PORT=str(port)) as process, httpx.AsyncClient() as http:
        await first_line(process)
        assert (await http.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200


# Wrong usage: one clear line, and the exit code 2


def refused(arguments: list[str], environment: Mapping[str, str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GATEWAY_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


def test_serve_names_a_missing_setting(capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["serve"], {}, capsys)
    assert line == "gateway: Set GATEWAY_PROJECT_ID: Number of the project in Publisher Account."


def test_serve_names_a_malformed_setting(capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["serve"], {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "web"}, capsys)
    assert line == "gateway: GATEWAY_PORT must be a whole number from 0 to 65535."


@pytest.mark.parametrize(
    ("arguments", "workers"), [(["--workers", "2"], ""), ([], "2")], ids=["as an option", "as a variable"]
)
def test_several_workers_without_a_store_are_refused(
    arguments: list[str], workers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(["serve", *arguments], {"GATEWAY_PROJECT_ID": "1", "GATEWAY_WORKERS": workers}, capsys)
    assert line.startswith("gateway: GATEWAY_WORKERS above 1 needs GATEWAY_STORE_URL, or one tap could become two")


@pytest.mark.parametrize("command", [["serve"], ["demo", "--port", "0", "--sandbox-port", "0"]])
def test_several_workers_are_refused_where_they_cannot_share_a_port(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    environment = {"GATEWAY_PROJECT_ID": "1", **ELSEWHERE} if command == ["serve"] else {}
    line = refused([*command, "--workers", "2"], environment, capsys)
    assert line == "gateway: Several workers need Linux: set GATEWAY_WORKERS to 1, and start several gateways."


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused(["demo", "--port", "0", "--sandbox-port", str(port)], {}, capsys)
    why = "Address already in use. Choose another with --sandbox-port."
    assert line == f"gateway: Cannot listen on 127.0.0.1 port {port}: {why}"


def test_serve_names_the_setting_of_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": str(port), "GATEWAY_LOG_LEVEL": "error"}
        line = refused(["serve"], environment, capsys)
    why = "Address already in use. Choose another with GATEWAY_PORT."
    assert line == f"gateway: Cannot listen on 127.0.0.1 port {port}: {why}"


@pytest.mark.parametrize(
    ("host", "why"), [("192.0.2.1", "Cannot assign requested address"), ("a..b", "the host is not known")]
)
def test_a_host_that_is_not_ours_is_named(host: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["sandbox", "--host", host, "--port", "0"], {}, capsys)
    assert line == f"gateway: Cannot listen on {host} port 0: {why}. Choose another with --host."


def test_a_records_file_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "missing" / "records.sqlite3")
    environment = {"GATEWAY_PROJECT_ID": "1", "GATEWAY_PORT": "0", "GATEWAY_RECORDS_FILE": file}
    line = refused(["serve"], environment, capsys)
    assert line == f"gateway: The records file {file} cannot be used: No such file or directory."


def test_a_fault_that_is_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(["sandbox", "--port", "0", "--fault", "everything"], {}, capsys)
    assert line.startswith("gateway: fault 'everything': expected CALL:FIELD=VALUE")


@pytest.mark.parametrize("arguments", [["sandbox", "--port", "0"], ["demo", "--port", "0", "--sandbox-port", "0"]])
def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database" * 100)
    line = refused([*arguments, "--database", str(file)], {}, capsys)
    assert line.startswith("gateway: ")
    assert str(file) in line


@pytest.mark.parametrize("command", [["demo", "--port", "0", "--sandbox-port", "0"], ["sandbox", "--port", "0"]])
def test_a_database_that_cannot_be_used_is_reported(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "demo.sqlite3"
    broken.write_text("this is no database, but a text that is long enough to be taken for one" * 10)
    assert main([*command, "--database", str(broken)]) == 2
    assert str(broken) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["token"], "the following arguments are required: --player"),
        (["token", "--player", "ann", "--attribute", "clan"], "must be KEY=VALUE"),
        (["token", "--player", "ann", "--attribute", "=x"], "must be KEY=VALUE"),
        (["srve"], "there is no command 'srve'; did you mean 'serve'?"),
        (
            ["dance"],
            "there is no command 'dance'; choose from serve, demo, sandbox, ",
        ),
        (["sandbox", "--port", "70000"], "must be a port number from 0 to 65535"),
        (["sandbox", "--port", "web"], "must be a port number from 0 to 65535"),
    ],
)
def test_wrong_arguments_are_reported(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert text in capsys.readouterr().err


# Help, version, schema


@pytest.mark.slow
async def test_help_and_version_load_nothing_of_the_gateway() -> None:
    code = "import sys; from gateway.commands import cli; cli._parser([]); print(*sorted(sys.modules))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    loaded = set(printed.decode().split())
    assert "gateway.errors" in loaded
    assert not loaded & {"strawberry", "starlette", "httpx", "gateway.app", "gateway.sandbox"}


@pytest.mark.slow
async def test_a_reader_that_goes_away_ends_a_command_quietly() -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "gateway", "token", "--player", "load", "--count", "3"),
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
        env=ENVIRONMENT,
    )
    os.close(writing)
    os.close(reading)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (141, b"")


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"gateway {gateway.__version__}\n"


@pytest.mark.parametrize("command", [[], ["serve"], ["demo"], ["sandbox"], ["token"], ["schema"]])
def test_help_has_examples(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    examples = capsys.readouterr().out.partition("examples:\n")[2]
    assert " ".join(["gateway", *command]) in examples


def test_the_schema_is_printed_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    printed = capsys.readouterr().out
    file = tmp_path / "schema.graphql"
    assert main(["schema", "--check", "--file", str(file)]) == 1
    file.write_text(printed)
    assert main(["schema", "--check", "--file", str(file)]) == 0
    file.write_text(printed.replace("serverTime", "time"))
    capsys.readouterr()
    assert main(["schema", "--check", "--file", str(file)]) == 1
    errors = capsys.readouterr().err
    assert "-  time: DateTime!" in errors
    assert "+  serverTime: DateTime!" in errors
    assert f"run: gateway schema > {file}" in errors


@pytest.mark.slow
async def test_the_sandbox_sends_webhooks_where_it_is_reported() -> None:
    arguments = ("sandbox", "--port", "0", "--webhooks", "http://127.0.0.1:9/webhooks/xsolla")
    async with running(*arguments) as process, httpx.AsyncClient() as http:
        url = (await first_line(process)).partition("GATEWAY_UPSTREAM_URL=")[2].removesuffix("/api)")
        assert "http://127.0.0.1:9/webhooks/xsolla" in (await http.get(url)).text
