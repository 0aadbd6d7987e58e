"""A doctor before a real gateway and sandbox: quiet where all is well, and each fault has its line."""

import time
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis.asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.doctor.findings import Level
from tests.support.certificates import Authority
from tests.support.clock import Clock
from tests.support.doctor import SECRET, TOKEN, Doctor, said
from tests.support.raw_server import Call, RawServer
from tests.support.stack import ANN, gateway_before, serving, serving_sandbox, token_of
from tests.support.store_servers import REDIS, Redis
from tests.support.webhook_backend import studio

ADDRESS = "203.0.113.7"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def doctor(tmp_path: Path) -> AsyncIterator[Doctor]:
    clock = Clock(time.time())
    environment = {"GATEWAY_WEBHOOK_SECRET": SECRET}
    async with serving_sandbox(clock) as url, gateway_before(url, clock, environment) as stack:
        yield Doctor(stack.gateway_url, url, GATEWAY_RECORDS_FILE=str(tmp_path / "records.sqlite3"))


def is_there(file: str) -> bool:
    return Path(file).exists()


def write(file: str, content: bytes) -> None:
    Path(file).write_bytes(content)


async def test_all_is_well(doctor: Doctor) -> None:
    findings = await doctor.look(player_address=ADDRESS)
    assert said(findings) == []
    assert {one.level for one in findings} == {Level.OK, Level.SKIPPED}
    assert [one.check for one in findings] == [
        "version",
        "settings",
        "records",
        "reachable",
        "tls",
        "latency",
        "clock",
        "token",
        "offer_chains",
        "reward_chains",
        "daily_chains",
        "catalog",
        "currency",
        "pages",
        "gateway",
        "webhook",
    ]
    text = msgspec.json.encode(findings).decode()
    for secret in (TOKEN, SECRET, ADDRESS, ANN.id, ANN.name, "Wanderer"):
        assert secret not in text


async def test_nothing_is_changed(doctor: Doctor) -> None:
    await doctor.fault(call="*claim*", status=500)
    await doctor.look()
    assert not is_there(doctor.settings["GATEWAY_RECORDS_FILE"])


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"call": "get-daily-chains-list", "status": 503}, "problem daily_chains: answered with 503"),
        ({"call": "*/user/reward_chain", "status": 429, "retry_after": 9}, "problem reward_chains: answered with 429"),
        ({"call": "*/user/daily_chain", "reset": True}, "problem daily_chains: no answer ("),
        ({"call": "*/user/daily_chain", "malformed": True}, "problem daily_chains: the answer is not a list"),
        (
            {"call": "*/items", "missing_field": "sku"},
            "problem catalog: 4 read; left out, since it cannot be read: catalog",
        ),
        (
            {"call": "*/user/daily_chain", "extra_field": "season"},
            "warning daily_chains: 2 read; not as the contract says: daily_chains.",
        ),
        ({"call": "*/user/daily_chain", "unknown_value": "status"}, "daily_chains.steps.status (unknown value)"),
        ({"call": "*/user/offer_chain*", "status": 503}, "problem token: cannot be tried: answered with 503"),
        ({"call": "*", "delay_ms": 30}, "problem latency: "),
    ],
    ids=["503", "429", "reset", "malformed", "missing-sku", "new-field", "new-value", "offers", "slow"],
)
async def test_each_fault_of_the_upstream_is_named(doctor: Doctor, fault: dict[str, Any], says: str) -> None:
    await doctor.fault(**fault)
    settings = {"GATEWAY_UPSTREAM_READ_SECONDS": "0.02"} if "delay_ms" in fault else {}
    lines = said(await doctor.look(settings))
    assert any(says in line for line in lines), lines


async def test_the_daily_chains_of_a_project_without_them_are_no_problem(doctor: Doctor) -> None:
    await doctor.fault(call="*/user/daily_chain", status=404)
    findings = await doctor.look()
    assert [one.text for one in findings if one.check == "daily_chains"] == [
        "the project has none: the upstream has no such list"
    ]


@pytest.mark.parametrize(
    ("settings", "more", "says"),
    [
        (
            {},
            {"token": token_of(ANN, time.time() - 90_000)},
            "problem token: the upstream does not accept it; it has expired",
        ),
        ({}, {"token": "opaque"}, "problem token: the upstream does not accept it"),
        ({}, {"token": None}, "skipped token: no player's token was given; lists are read anonymously"),
        ({"GATEWAY_PROJECT_ID": "9"}, {}, "problem reward_chains: answered with 40"),
        (
            {"GATEWAY_UPSTREAM_URL": "http://127.0.0.1:9/api"},
            {},
            "problem reachable: 127.0.0.1:9 takes no connection (ConnectionRefusedError)",
        ),
        (
            {"GATEWAY_UPSTREAM_URL": "http://nowhere.invalid/api"},
            {},
            "problem reachable: the name nowhere.invalid is not known",
        ),
        ({"GATEWAY_UPSTREAM_PROXY": "http://127.0.0.1:9"}, {}, "problem latency: 5 reads: no answer (ConnectError)"),
        (
            {"GATEWAY_UPSTREAM_CA_FILE": "/nonexistent", "GATEWAY_UPSTREAM_PROXY": "http://127.0.0.1:9"},
            {},
            "problem tls: GATEWAY_UPSTREAM_CA_FILE cannot be read",
        ),
        (
            {"GATEWAY_WEBHOOK_SECRET": "another"},
            {},
            "problem webhook: the gateway has another secret than these settings",
        ),
        ({"GATEWAY_WEBHOOK_SECRET": ""}, {}, "skipped webhook: webhooks are off"),
        ({}, {"gateway_url": "http://127.0.0.1:9"}, "skipped gateway: no gateway answers at this address"),
        ({}, {"gateway_url": "http://127.0.0.1:9"}, "skipped webhook: no gateway answers at this address"),
        ({"GATEWAY_PAYMENT_MODE": "sandbox"}, {}, "warning settings: orders are paid with test cards"),
        ({"GATEWAY_GRAPHIQL": "on"}, {}, "warning settings: GATEWAY_GRAPHIQL is on"),
        ({"GATEWAY_RECORDS_FILE": ""}, {}, "warning records: idempotency keys are forgotten"),
        (
            {"GATEWAY_RECORDS_FILE": "/nonexistent/records"},
            {},
            "problem records: the file is not there and cannot be made",
        ),
        (
            {"GATEWAY_STORE_URL": "redis://127.0.0.1:9"},
            {},
            "problem store: The store cannot be used: it cannot be reached",
        ),
        ({}, {"player_address": None}, "skipped currency: prices are in USD from this address"),
    ],
)
async def test_what_is_wrong_here_is_named(
    doctor: Doctor, settings: dict[str, str], more: dict[str, Any], says: str
) -> None:
    lines = said(await doctor.look(settings, **more))
    assert any(line.startswith(says) for line in lines), lines


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, ""), (b"", "damaged"), (b"no database" * 99, "damaged"), ("read only", "cannot be written")],
    ids=["good", "empty", "damaged", "read-only"],
)
async def test_the_records_file_is_looked_at(
    doctor: Doctor, content: object, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(doctor.settings["GATEWAY_RECORDS_FILE"], content if isinstance(content, bytes) else b"")
    if content == "read only":
        monkeypatch.setattr("os.access", lambda *_: False)
    (finding,) = [one for one in await doctor.look() if one.check == "records"]
    if content in (None, b""):
        assert finding.text == "the file can be read and written"
    else:
        assert says in finding.text
        assert finding.is_problem


@pytest.mark.skipif(REDIS is None, reason="redis-server is not installed: apt-get install redis-server")
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--appendonly", "yes", "--maxmemory-policy", "noeviction"),
            "ok store: answers, evicts nothing, and is durable",
        ),
        (("--maxmemory-policy", "noeviction"), "warning store: The store keeps nothing over a restart"),
        (("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"), "problem store: The store evicts keys"),
    ],
    ids=["good", "forgetful", "evicting"],
)
async def test_the_store_is_looked_at_and_nothing_is_written(
    doctor: Doctor, options: tuple[str, ...], says: str
) -> None:
    server = Redis(*options)
    try:
        findings = await doctor.look({"GATEWAY_STORE_URL": server.url})
        async with redis.asyncio.Redis.from_url(server.url) as client:
            assert await client.dbsize() == 0
    finally:
        server.stop()
    assert any(f"{one.level.value} {one.check}: {one.text}".startswith(says) for one in findings), said(findings)


# An upstream of few words


class _Upstream:
    """Answers lists as a test says."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}
        self.abroad: Response | None = None

    async def answer(self, request: Request) -> Response:
        path = request.url.path.rpartition("/")[2]
        if self.abroad is not None and request.headers.get("x-forwarded-for") == ADDRESS:
            return self.abroad
        if request.url.query in {"limit=1", "limit=50"} and request.url.query in self.answers:
            return self.answers[request.url.query]
        return self.answers.get(path, JSONResponse({"items": [], "has_more": False}))


@pytest.fixture
async def upstream(doctor: Doctor) -> AsyncIterator[_Upstream]:
    one = _Upstream()
    async with serving(Starlette(routes=[Route("/{path:path}", one.answer)])) as url:
        doctor.settings["GATEWAY_UPSTREAM_URL"] = f"{url}/api"
        yield one


def _list(*items: object, **more: object) -> JSONResponse:
    return JSONResponse({"items": list(items), "has_more": False, **more})


_CHAIN = {"id": 1, "name": "Chain", "order": 1, "date_start": "2026-01-01T00:00:00Z", "date_end": None, "steps": []}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"offer_chain": _list(*[_CHAIN] * 2)}, "warning pages: a page of one was asked for, and 2 came"),
        ({"offer_chain": Response("<html>")}, "skipped pages: the list of offer chains cannot be read"),
        ({"offer_chain": JSONResponse([])}, "skipped pages: the list of offer chains cannot be read"),
        (
            {"limit=50": Response("", 422)},
            "ok pages: limits are obeyed; a page held 0 by default, answered with 422 where 50",
        ),
        ({"limit=1": Response("", 422)}, "skipped pages: "),
        (
            {"offer_chain": _list(_CHAIN, has_more=True)},
            "ok offer_chains: 1 read, and there are more, as the contract says",
        ),
        (
            {"offer_chain": _list({**_CHAIN, "name": 5, "id": "1"})},
            "offer_chains.id (converted), offer_chains.name (converted)",
        ),
        ({"offer_chain": _list({**_CHAIN, **{f"new_{n}": 1 for n in range(12)}})}, "new_5 (unknown field), and 4 more"),
        (
            {
                "offer_chain": Response(
                    b'{"items": [{"id": 1, "order": 1, "date_start": "2026-01-01T00:00:00Z", "steps": [],'
                    b' "name": "\xff"}]}'
                )
            },
            "offer_chains (repaired)",
        ),
        ({"daily_chain": Response(b'{"items": [\xff]}')}, "daily_chains"),
    ],
)
async def test_answers_that_are_not_as_documented_are_named_without_their_values(
    doctor: Doctor, upstream: _Upstream, answers: dict[str, Response], says: str
) -> None:
    upstream.answers = answers
    findings = await doctor.look()
    assert any(says in f"{one.level.value} {one.check}: {one.text}" for one in findings), said(findings)


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ({}, Level.WARNING),
        ({"GATEWAY_CLIENT_IP_HEADER": "X-Forwarded-For", "GATEWAY_TRUSTED_PROXIES": "10.0.0.1"}, Level.OK),
    ],
)
async def test_prices_of_the_players_country_are_seen_with_their_address(
    doctor: Doctor, upstream: _Upstream, settings: dict[str, str], level: Level
) -> None:
    def priced(currency: object) -> JSONResponse:
        return _list({"price": {"currency": currency}}, {"price": {"currency": "not a currency"}})

    upstream.answers, upstream.abroad = {"items": priced("USD")}, priced("EUR")
    (finding,) = [one for one in await doctor.look(settings, player_address=ADDRESS) if one.check == "currency"]
    assert (finding.level, finding.text) == (level, "prices are in USD from this address, in EUR from the player's")
    upstream.answers, upstream.abroad = {"items": Response("?")}, Response("?", 500)
    (finding,) = [one for one in await doctor.look(settings, player_address=ADDRESS) if one.check == "currency"]
    assert finding.text.startswith("prices are in no currency from this address")


async def test_reads_that_get_no_answer_are_counted(doctor: Doctor) -> None:
    await doctor.fault(call="*/user/offer_chain", reset=True, count=2)
    (line,) = [line for line in said(await doctor.look()) if line.startswith("problem latency")]
    assert line.endswith(" ms at most, 2 without an answer; the gateway waits for 30 s")


async def test_a_latency_near_its_limit_is_a_warning(doctor: Doctor) -> None:
    ticks = count(0.0, 0.4)
    lines = said(await doctor.look({"GATEWAY_UPSTREAM_READ_SECONDS": "0.75"}, clock=lambda: next(ticks)))
    assert "warning latency: 400 ms in the middle of 5 reads, 400 ms at most" in lines


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("now", "the upstream does not tell the time"),
        ("Wed, 07 Jan 2026 12:00:00 GMT", "agrees with the upstream's within 5 s"),
        ("Wed, 07 Jan 2026 11:00:00 GMT", "this machine's is 3600 s ahead of the upstream's"),
        ("Wed, 07 Jan 2026 12:01:00 GMT", "this machine's is 60 s behind the upstream's"),
    ],
)
async def test_the_clocks_are_compared(doctor: Doctor, upstream: _Upstream, date: str, text: str) -> None:
    upstream.answers = {"offer_chain": JSONResponse({"items": []}, headers={"date": date})}
    findings = await doctor.look(now=Clock(1767787200.0), clock=Clock(0.0))
    (finding,) = [one for one in findings if one.check == "clock"]
    assert finding.text == text
    assert finding.is_problem is ("this machine" in text)


@pytest.mark.parametrize(
    ("host", "days", "says"),
    [
        ("localhost", 0, "warning tls: TLSv1.3, the certificate of localhost is good for 1 days"),
        ("localhost", -300, "ok"),
        ("other.example", 0, "problem tls: localhost: Hostname mismatch"),
    ],
    ids=["renew", "good", "other-name"],
)
async def test_the_certificate_is_looked_at(
    doctor: Doctor, authority: Authority, host: str, days: int, says: str
) -> None:
    async def nothing(call: Call) -> None:
        await call.answer(b"{}")

    async with RawServer(nothing, tls=authority.server(host)) as server:
        settings = {
            "GATEWAY_UPSTREAM_URL": f"https://localhost:{server.port}/api",
            "GATEWAY_UPSTREAM_CA_FILE": str(authority.file),
        }
        now = time.time() + days * 86_400
        lines = said(await doctor.look(settings, now=lambda: now))
    assert any(line.startswith(says) for line in lines) or (
        says == "ok" and not any(" tls: " in line for line in lines)
    )


# A gateway of few words


@pytest.mark.parametrize(
    ("query", "webhook", "says"),
    [
        (
            JSONResponse({"errors": [{"extensions": {"code": "INTERNAL"}}]}),
            Response("", 204),
            "problem gateway: a player's query ends with INTERNAL",
        ),
        (Response("<html>", 502), Response("", 204), "problem gateway: a query was answered with 502"),
        (
            JSONResponse({"errors": "none"}),
            Response("", 204),
            "problem webhook: one with a wrong signature is accepted",
        ),
        (JSONResponse([]), Response("", 404), "problem webhook: a signed one was answered with 404"),
        (
            JSONResponse({"data": {}}),
            JSONResponse({"error": {"code": "FORBIDDEN"}}, 403),
            "warning webhook: webhooks are not accepted from this address",
        ),
    ],
    ids=["code", "proxy", "forged", "no-webhooks", "forbidden"],
)
async def test_what_is_wrong_with_the_running_gateway_is_named(
    doctor: Doctor, query: Response, webhook: Response, says: str
) -> None:
    async def answer(request: Request) -> Response:
        return query if request.url.path == "/graphql" else webhook

    async with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])) as url:
        lines = said(await doctor.look(gateway_url=url))
    assert says in lines


async def test_a_backend_is_asked_about_a_user_that_it_does_not_know(doctor: Doctor) -> None:
    clock = Clock(time.time())
    async with studio() as backend:
        backend.says(400, b'{"error": {"code": "INVALID_USER"}}', "application/json")
        relayed = {"GATEWAY_WEBHOOK_SECRET": SECRET, "GATEWAY_WEBHOOK_RELAY_URL": backend.url}
        async with gateway_before(doctor.sandbox_url, clock, relayed) as stack:
            findings = await doctor.look(relayed, gateway_url=stack.gateway_url, player_address=ADDRESS)
    assert said(findings) == []
    (finding,) = [one for one in findings if one.check == "webhook"]
    assert finding.text == "a signed one is accepted, and the backend says that it does not know the user"
    assert len(backend.deliveries) == 1
