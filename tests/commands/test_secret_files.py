"""Secrets in files: how they are read, and that a signal reads them again."""

import json
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import jwt
import pytest

from gateway.app import create_app
from gateway.errors import SettingError
from gateway.sandbox import DEMO_PROJECT_ID
from gateway.settings import read_settings
from tests.support.commands import first_line, running
from tests.support.logged_events import logged_events
from tests.support.webhook_payloads import encoded, order_webhook, signed
from tests.support.worker_fleet import until, worker_fleet

PROJECT = {"GATEWAY_PROJECT_ID": str(DEMO_PROJECT_ID)}
OLD, NEW = "the-secret-before-it-was-changed", "the-secret-from-the-change-until-now"
HOOK = encoded(order_webhook())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "secret"


def write(file: Path, secret: str) -> None:
    file.write_text(secret)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        pytest.param("token_secret", f"{OLD}\n", OLD, id="line"),
        pytest.param("token_secret", f"\n  {OLD}  \r\n\n", OLD, id="white space"),
        pytest.param("webhook_secret", f"{NEW}\n{OLD}\n", (NEW, OLD), id="two"),
        pytest.param("webhook_secret", NEW, (NEW,), id="one of two"),
    ],
)
def test_a_secret_is_read_out_of_its_file(name: str, text: str, value: object, file: Path) -> None:
    file.write_text(text)
    settings = read_settings({**PROJECT, f"GATEWAY_{name.upper()}_FILE": str(file)})
    assert getattr(settings, name) == value


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param("TOKEN_SECRET", b"", "must have one line, not 0", id="empty"),
        pytest.param("TOKEN_SECRET", f"{NEW}\n{OLD}".encode(), "must have one line, not 2", id="two lines"),
        pytest.param("WEBHOOK_SECRET", b"a\nb\nc", "must have one to 2 lines, not 3", id="three lines"),
        pytest.param("TOKEN_SECRET", b"\xff\xfe\x00", "is not a text file", id="bytes"),
        pytest.param("TOKEN_SECRET", None, "cannot be read: No such file or directory", id="none"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_its_content_is_not(
    name: str, content: bytes | None, reason: str, file: Path
) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError) as caught:
        read_settings({**PROJECT, f"GATEWAY_{name}_FILE": str(file)})
    assert str(caught.value) == f"GATEWAY_{name}_FILE: {file} {reason}."


def test_a_value_and_a_file_exclude_each_other() -> None:
    with pytest.raises(SettingError, match="GATEWAY_TOKEN_SECRET and GATEWAY_TOKEN_SECRET_FILE cannot both be set"):
        read_settings({**PROJECT, "GATEWAY_TOKEN_SECRET": OLD, "GATEWAY_TOKEN_SECRET_FILE": "/none"})


def test_only_secrets_have_files() -> None:
    with pytest.raises(SettingError, match="GATEWAY_PORT_FILE is not a setting"):
        read_settings({**PROJECT, "GATEWAY_PORT_FILE": "/none"})


def test_a_key_is_no_shared_secret() -> None:
    with pytest.raises(
        SettingError, match="GATEWAY_TOKEN_SECRET must be a secret of at least 16 characters, and no key"
    ):
        read_settings({**PROJECT, "GATEWAY_TOKEN_SECRET": "-----BEGIN PUBLIC KEY-----"})


async def status_of(http: httpx.AsyncClient, secret: str) -> int:
    headers = {"authorization": signed(HOOK, secret), "content-type": "application/json"}
    return (await http.post("/webhooks/xsolla", content=HOOK, headers=headers)).status_code


async def is_signed_in(http: httpx.AsyncClient, secret: str) -> bool:
    """Whether a token is verified: the upstream is not reached, and only a token that is not good ends before."""
    token = jwt.encode({"sub": "ann", "exp": int(time.time()) + 600}, secret, "HS256")
    query = {"query": "{ viewer { id isSignedIn } }"}
    answer = await http.post("/graphql", json=query, headers={"authorization": f"Bearer {token}"})
    return "UNAUTHENTICATED" not in answer.text


class Reloaded:
    """A gateway in this process whose secrets stand in files."""

    def __init__(self, folder: Path) -> None:
        self.files = {name: folder / name for name in ("TOKEN_SECRET", "WEBHOOK_SECRET", "UPSTREAM_PROXY")}
        for file in self.files.values():
            file.write_text(OLD)
        self.files["UPSTREAM_PROXY"].write_text("http://user:before@127.0.0.1:1")
        environment = {f"GATEWAY_{name}_FILE": str(file) for name, file in self.files.items()}
        environment |= {**PROJECT, "GATEWAY_UPSTREAM_URL": "http://127.0.0.1:1/api"}
        self.app = create_app(read_settings(environment), environment=environment)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://gateway.test")


async def test_what_is_checked_with_a_secret_is_checked_with_the_new_one_after_a_reload(tmp_path: Path) -> None:
    gateway = Reloaded(tmp_path)
    async with gateway.http as http:
        assert (await status_of(http, OLD), await status_of(http, NEW)) != (400, 400)
        assert await is_signed_in(http, OLD)
        assert not await is_signed_in(http, NEW)
        gateway.files["TOKEN_SECRET"].write_text(NEW)
        gateway.files["WEBHOOK_SECRET"].write_text(f"{NEW}\n{OLD}")
        with logged_events() as events:
            await gateway.app.reload()
        assert [(one["event"], one["setting"]) for one in events.all] == [
            ("secret_changed", "GATEWAY_TOKEN_SECRET"),
            ("secret_changed", "GATEWAY_WEBHOOK_SECRET"),
        ]
        assert not await is_signed_in(http, OLD)
        assert await is_signed_in(http, NEW)
        assert await status_of(http, "forged-secret-of-somebody") == 400
        assert 400 not in {await status_of(http, OLD), await status_of(http, NEW)}


async def test_a_secret_that_is_used_at_the_start_only_is_reported(tmp_path: Path) -> None:
    gateway = Reloaded(tmp_path)
    gateway.files["UPSTREAM_PROXY"].write_text("http://user:after@127.0.0.1:1")
    with logged_events() as events:
        await gateway.app.reload()
        await gateway.app.reload()
    (event,) = events.all
    assert (event["event"], event["level"]) == ("secret_change_ignored", "WARNING")
    assert event["setting"] == "GATEWAY_UPSTREAM_PROXY"


@pytest.mark.parametrize("content", ["", "short"])
async def test_all_stays_as_it_was_where_a_file_cannot_be_used(content: str, tmp_path: Path) -> None:
    gateway = Reloaded(tmp_path)
    gateway.files["WEBHOOK_SECRET"].write_text(NEW)
    gateway.files["TOKEN_SECRET"].write_text(content)
    with logged_events() as events:
        await gateway.app.reload()
    (event,) = events.all
    assert (event["event"], event["level"]) == ("secrets_refused", "ERROR")
    assert "GATEWAY_TOKEN_SECRET" in event["reason"]
    async with gateway.http as http:
        assert await status_of(http, NEW) == 400
        assert await is_signed_in(http, OLD)


async def test_a_reload_refuses_what_does_not_go_together(tmp_path: Path) -> None:
    """A password in a file, and another that comes into the file of the address."""
    url, password = tmp_path / "url", tmp_path / "password"
    url.write_text("redis://127.0.0.1:1")
    password.write_text(OLD)
    environment: Mapping[str, str] = {
        **PROJECT,
        "GATEWAY_STORE_URL_FILE": str(url),
        "GATEWAY_STORE_PASSWORD_FILE": str(password),
    }
    app = create_app(read_settings(environment), environment=environment)
    url.write_text(f"redis://:{NEW}@127.0.0.1:1")
    with logged_events() as events:
        await app.reload()
    assert [one["event"] for one in events.all] == ["secrets_refused"]
    assert NEW not in str(events.all)


@pytest.mark.slow
async def test_a_signal_reads_the_files_again(file: Path) -> None:
    write(file, OLD)
    environment = {**PROJECT, "GATEWAY_PORT": "0", "GATEWAY_WEBHOOK_SECRET_FILE": str(file)}
    async with running("serve", **environment) as process:
        url = (await first_line(process)).removeprefix("Listening on ").removesuffix("/graphql")
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            assert (await status_of(http, OLD), await status_of(http, NEW)) == (204, 400)
            write(file, NEW)
            process.send_signal(signal.SIGHUP)
            assert process.stderr is not None
            while json.loads(await process.stderr.readline())["event"] != "secret_changed":
                continue
            assert (await status_of(http, OLD), await status_of(http, NEW)) == (400, 204)


@pytest.mark.slow
async def test_workers_that_are_replaced_use_what_the_files_say_then(file: Path) -> None:
    write(file, OLD)
    async with worker_fleet(GATEWAY_WEBHOOK_SECRET_FILE=str(file)) as fleet:
        before = fleet.workers

        async def answers(secret: str) -> int:
            # A new connection each time, which any worker may take.
            async with httpx.AsyncClient(base_url=fleet.url.removesuffix("/graphql"), timeout=60) as http:
                return await status_of(http, secret)

        async def all_are_replaced() -> bool:
            return len(fleet.workers) == 2 and not set(before) & set(fleet.workers)

        assert await answers(OLD) == 204
        write(file, NEW)
        fleet.process.send_signal(signal.SIGHUP)
        await until(all_are_replaced)
        assert {await answers(NEW) for _ in range(8)} == {204}
        assert {await answers(OLD) for _ in range(8)} == {400}
