"""Kept responses that the server sends itself: the same bytes, counts and log as those of the application."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from gateway.cache.response_cache import ResponseKey
from gateway.sandbox import DemoPlayer
from gateway.web.graphql.early_responses import MAX_KNOWN_BYTES, EarlyResponses
from tests.support.logged_events import logged_events
from tests.support.loop_time import turns
from tests.support.manifests import by_hash, manifest, sha256, trusting
from tests.support.raw_client import Raw, connected
from tests.support.stack import ANN, BEN, Stack, running_stack

LONG = "query Long { viewer { offerChains { id name steps { id state number items { sku content { name } } } } } }"
POSTED = b'{"query": "%s"}' % LONG.encode()

CLIENTS = {
    "curl": "User-Agent: curl/8.5.0|Accept: */*|Content-Type: application/json",
    "curl --compressed": "User-Agent: curl/8.5.0|Accept: */*|Accept-Encoding: deflate, gzip, br, zstd"
    "|Content-Type: application/json",
    "Firefox": "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0|Accept: */*"
    "|Accept-Language: en-US,en;q=0.5|Accept-Encoding: gzip, deflate, br, zstd|Content-Type: application/json"
    "|Connection: keep-alive|Sec-Fetch-Dest: empty|Sec-Fetch-Mode: cors|Sec-Fetch-Site: same-origin|Priority: u=4",
    "Unity": "User-Agent: UnityPlayer/2022.3.10f1 (UnityWebRequest/1.0, libcurl/7.84.0-DEV)|Accept: */*"
    "|Accept-Encoding: deflate, gzip|Content-Type: application/json|X-Unity-Version: 2022.3.10f1",
    "OkHttp": "Content-Type: application/json; charset=utf-8|Connection: Keep-Alive|Accept-Encoding: gzip"
    "|User-Agent: okhttp/4.12.0",
    "HttpURLConnection": "Content-Type: application/json|User-Agent: Java/21.0.1"
    "|Accept: text/html, image/gif, image/jpeg, */*; q=0.2|Connection: keep-alive",
    "Java's HttpClient": "Connection: Upgrade, HTTP2-Settings|HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAA"
    "|Upgrade: h2c|User-Agent: Java-http-client/21.0.1|Content-Type: application/json",
    "only compressed": "Accept: application/graphql-response+json|Accept-Encoding: gzip, identity;q=0"
    "|Content-Type: application/json",
    "nothing at all": "Content-Type: application/json",
    "its own id": "Content-Type: application/json|X-Request-Id: session-7.request_1",
    "an id that is none": "Content-Type: application/json|X-Request-Id: a b",
}
each_client = pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)


@pytest.fixture
async def stack() -> AsyncIterator[Stack]:
    async with running_stack() as running:
        yield running


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request that the server looked at had a response."""
    seen: list[bool] = []
    find = EarlyResponses.find

    def observed(self: EarlyResponses, *request: object) -> object:
        found = find(self, *request)  # type: ignore[arg-type]
        seen.append(found is not None)
        return found

    monkeypatch.setattr(EarlyResponses, "find", observed)
    return seen


@pytest.fixture
def repeated(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request that might repeat one was known."""
    seen: list[bool] = []
    repeat = EarlyResponses.repeat

    def observed(self: EarlyResponses, *request: object) -> object:
        found = repeat(self, *request)  # type: ignore[arg-type]
        seen.append(found is not None)
        return found

    monkeypatch.setattr(EarlyResponses, "repeat", observed)
    return seen


class Asked:
    """A client with a connection of its own."""

    def __init__(self, stack: Stack, raw: Raw, client: str, player: DemoPlayer = BEN) -> None:
        self._raw = raw
        fields = [f"Host: {urlsplit(stack.gateway_url).netloc}", f"Authorization: Bearer {stack.token(player)}"]
        self._fields = [one.encode() for one in (*fields, *client.split("|"))]

    async def post(self, *more: bytes, body: bytes = POSTED) -> tuple[str, list[tuple[str, str]], bytes]:
        """Post at once."""
        self._raw.send(*self._head(b"POST /graphql HTTP/1.1", *more, body=body), body=body)
        return await self._raw.exact()

    async def post_slowly(self, *more: bytes, body: bytes = POSTED) -> tuple[str, list[tuple[str, str]], bytes]:
        """Post in two parts, which the application answers always."""
        self._raw.send(*self._head(b"POST /graphql HTTP/1.1", *more, body=body))
        await turns(10)
        self._raw.writer.write(body)
        return await self._raw.exact()

    async def get(self, target: bytes, *more: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
        """Get at once."""
        self._raw.send(b"GET " + target + b" HTTP/1.1", *self._fields, *more)
        return await self._raw.exact()

    async def get_slowly(self, target: bytes, *more: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
        """Get with a body that comes later, which the application answers always."""
        self._raw.send(b"GET " + target + b" HTTP/1.1", *self._fields, *more, b"Content-Length: 2")
        await turns(10)
        self._raw.writer.write(b"{}")
        return await self._raw.exact()

    def _head(self, first: bytes, *more: bytes, body: bytes = POSTED) -> list[bytes]:
        return [first, *self._fields, *more, b"Content-Length: %d" % len(body)]


def without_id(response: tuple[str, list[tuple[str, str]], bytes]) -> tuple[str, list[tuple[str, str]], bytes]:
    first, fields, body = response
    return first, [(name, "" if name == "x-request-id" and len(value) == 32 else value) for name, value in fields], body


def content(response: tuple[str, list[tuple[str, str]], bytes]) -> bytes:
    encoding = dict(response[1]).get("content-encoding")
    assert encoding in {None, "gzip"}
    return gzip.decompress(response[2]) if encoding else response[2]


async def counted(stack: Stack) -> list[str]:
    """The counts of operations that were answered from what is kept."""
    page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
    return [
        line for line in page.splitlines() if "operation" in line and '="cached"' in line and not line.endswith(" 0.0")
    ]


@each_client
async def test_both_ways_give_the_same_bytes_whoever_asks(client: str, stack: Stack, ready: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, client)
        first = await asked.post()
        stack.clock.advance(3)
        at_once = await asked.post()
        slowly = await asked.post_slowly()
        assert without_id(at_once) == without_id(slowly)
        assert dict(at_once[1])["x-gateway-execution"] == "cached"
        assert dict(at_once[1])["age"] == "3"
        assert content(at_once) == content(first)
        assert ("content-encoding" in dict(first[1])) == ("gzip" in client)
    # The first request found nothing to be cached at all, so nobody looked; an upgrade is looked at by nobody.
    assert ready == ([] if "Upgrade" in client else [True])


@each_client
async def test_a_request_that_was_looked_at_is_not_read_again(
    client: str, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, key = [], ResponseKey.__init__

    def counted(self: ResponseKey, credential: bytes, parts: tuple[bytes, ...]) -> None:
        made.append(parts)
        key(self, credential, parts)

    monkeypatch.setattr(ResponseKey, "__init__", counted)
    other = POSTED.replace(b"Long", b"Other")
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, client)
        await asked.post()
        first = await asked.post(body=other)
        assert dict(first[1])["x-gateway-execution"] == "compiled"
        assert len(made) == 2
        again = await asked.post_slowly(body=other)
        assert dict(again[1])["x-gateway-execution"] == "cached"
        assert content(again) == content(first)
    assert made[2] == made[1]


@each_client
async def test_a_get_with_a_validator_is_answered_alike_both_ways(client: str, stack: Stack, ready: list[bool]) -> None:
    target = b"/graphql?query=" + quote(LONG).encode()
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, client)
        tag = dict((await asked.get(target))[1])["etag"].encode()
        for more, status in (((), "200"), ((b"If-None-Match: " + tag,), "304"), ((b'If-None-Match: "other"',), "200")):
            at_once = await asked.get(target, *more)
            assert without_id(at_once) == without_id(await asked.get_slowly(target, *more))
            assert at_once[0].split()[1] == status
    assert ready == ([] if "Upgrade" in client else [True] * 3)


async def test_both_ways_are_counted_and_logged_alike(stack: Stack, ready: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["its own id"])
        await asked.post()
        with logged_events() as logged:
            before = await counted(stack)
            await asked.post()
            once = await counted(stack)
            await asked.post_slowly()
            twice = await counted(stack)
    assert before == []
    assert [line.replace(" 1.0", " 2.0") for line in once] == twice
    assert twice
    lines = [one for one in logged.all if one["event"] == "request" and one["path"] == "/graphql"]
    assert [one | {"milliseconds": 0} for one in lines] == 2 * [
        {
            "event": "request",
            "level": "INFO",
            "method": "POST",
            "path": "/graphql",
            "status": 200,
            "milliseconds": 0,
            "execution": "cached",
            "operation": "Long",
        }
    ]
    assert ready == [True]


@each_client
async def test_a_request_in_the_same_bytes_is_answered_with_the_same_bytes(
    client: str, stack: Stack, repeated: list[bool]
) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, client)
        await asked.post()
        found = await asked.post()
        again = await asked.post()
        assert without_id(again) == without_id(found) == without_id(await asked.post_slowly())
        assert dict(again[1])["x-gateway-execution"] == "cached"
        if "X-Request-Id" not in client:
            assert dict(again[1])["x-request-id"] != dict(found[1])["x-request-id"]
    # What has an id of its own is not remembered, and nobody remembers what the application answers.
    is_known = "Upgrade" not in client and "X-Request-Id" not in client
    assert repeated == [False, False, is_known, False]


async def test_a_request_in_the_same_bytes_is_counted_and_logged_too(stack: Stack, repeated: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["Unity"])
        await asked.post()
        counts = [await counted(stack)]
        with logged_events() as logged:
            for _ in range(2):
                await asked.post()
                counts.append(await counted(stack))
    assert counts[0] == []
    assert counts[1] != []
    assert [line.replace(" 1.0", " 2.0") for line in counts[1]] == counts[2]
    first, second = (one for one in logged.all if one["event"] == "request" and one["path"] == "/graphql")
    assert first | {"milliseconds": 0} == second | {"milliseconds": 0}
    assert repeated.count(True) == 1


async def test_a_get_in_the_same_bytes_is_validated_again(stack: Stack, repeated: list[bool]) -> None:
    target = b"/graphql?query=" + quote(LONG).encode()
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["Firefox"])
        first = await asked.get(target)
        validator = b"If-None-Match: " + dict(first[1])["etag"].encode()
        assert [(await asked.get(target, validator))[0] for _ in range(2)] == ["HTTP/1.1 304 Not Modified"] * 2
        stack.clock.advance(60)
        changed = await asked.get(target, validator)
        assert dict(changed[1])["x-gateway-execution"] == "compiled"
    assert repeated == [False, False, True, False]


async def test_players_are_told_apart_by_the_bytes_of_their_tokens(stack: Stack, repeated: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        players = [Asked(stack, raw, CLIENTS["Unity"], player) for player in (ANN, BEN)]
        asked = [[content(await player.post()) for player in players] for _ in range(3)]
    assert asked[0] == asked[1] == asked[2]
    assert asked[0][0] != asked[0][1]
    assert repeated == [False] * 4 + [True] * 2


async def test_a_known_request_finds_what_was_cached_after_it_too(stack: Stack, repeated: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["nothing at all"])
        executions = []
        for _ in range(2):
            executions += [dict((await asked.post())[1])["x-gateway-execution"] for _ in range(3)]
            stack.clock.advance(60)
    assert executions == ["compiled", "cached", "cached"] * 2
    assert repeated == [False, False, True, False, True, True]


async def test_the_same_bytes_from_another_address_are_another_request_where_prices_follow_the_address(
    repeated: list[bool],
) -> None:
    addresses = {"GATEWAY_CLIENT_IP_HEADER": "X-Forwarded-For", "GATEWAY_TRUSTED_PROXIES": "192.0.2.1"}
    async with (
        running_stack(addresses) as stack,
        connected(stack.gateway_url) as raw,
        connected(stack.gateway_url, "127.0.0.2") as other,
    ):
        executions = [
            dict((await Asked(stack, one, CLIENTS["Unity"]).post())[1])["x-gateway-execution"]
            for one in (raw, raw, raw, other, other, other, raw)
        ]
    assert executions == ["compiled", "cached", "cached", "compiled", "cached", "cached", "cached"]
    assert repeated == [False, False, True, False, False, True, True]


async def test_the_same_bytes_from_another_address_are_known_where_nothing_follows_the_address(
    stack: Stack, repeated: list[bool]
) -> None:
    async with connected(stack.gateway_url) as raw, connected(stack.gateway_url, "127.0.0.2") as other:
        for one in (raw, raw, raw, other):
            assert (await Asked(stack, one, CLIENTS["Unity"]).post())[0] == "HTTP/1.1 200 OK"
    assert repeated == [False, False, True, True]


async def test_a_request_is_known_for_as_long_as_its_response_is_cached(repeated: list[bool]) -> None:
    # There is room for one response.
    async with running_stack({"GATEWAY_RESPONSE_BYTES": "3000"}) as stack, connected(stack.gateway_url) as raw:
        first, second = (Asked(stack, raw, CLIENTS["Unity"], player) for player in (ANN, BEN))
        for _ in range(3):
            await first.post()
        assert repeated == [False, False, True]
        # Until the other player has asked more often.
        executions = [dict((await second.post())[1])["x-gateway-execution"] for _ in range(6)]
        assert executions == ["compiled", "compiled", "compiled", "compiled", "cached", "cached"]
        assert repeated[3:] == [False, False, False, False, False, True]
        await first.post()
    assert not repeated[-1]


async def test_two_clients_that_take_other_encodings_get_theirs_in_turn(stack: Stack, repeated: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["nothing at all"])
        for is_compressed in (False, False, True, True, False, False):
            answer = await asked.post(*[b"Accept-Encoding: gzip"] * is_compressed)
            assert ("content-encoding" in dict(answer[1])) == is_compressed
    # Of a response one request is known, the last one.
    assert repeated == [False, False, False, True, False, True]


async def test_a_long_request_is_read_anew(stack: Stack, repeated: list[bool]) -> None:
    body = POSTED + b" " * MAX_KNOWN_BYTES
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["Unity"])
        for execution in ("compiled", "cached", "cached"):
            assert dict((await asked.post(body=body))[1])["x-gateway-execution"] == execution
        for _ in range(2):
            await asked.post()
        assert dict((await asked.post(body=body))[1])["x-gateway-execution"] == "cached"
    assert not any(repeated)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param((b"Origin: https://game.example",), id="a web page"),
        pytest.param((b"Expect: 100-continue",), id="a client that asks first"),
        pytest.param((b"Accept-Language: en", b"Accept-Language: de"), id="a field twice"),
        pytest.param((b"Accept-Encoding: identity;q=0",), id="a client that takes nothing"),
    ],
)
async def test_what_is_unusual_is_left_to_the_application(
    more: tuple[bytes, ...], stack: Stack, ready: list[bool]
) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["nothing at all"])
        await asked.post()
        first, _, _ = await asked.post(*more)
        if first == "HTTP/1.1 100 Continue":
            await raw.exact()
        await asked.post()
    assert ready == [False, True]


async def test_a_response_that_is_stale_is_found_by_neither(stack: Stack, ready: list[bool]) -> None:
    async with connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["nothing at all"])
        for _ in range(2):
            assert dict((await asked.post())[1])["x-gateway-execution"] == "compiled"
            stack.clock.advance(60)
    assert ready == [False]


@pytest.mark.parametrize("path", [b"/graphql/", b"/api/graphql", b"/graphql?query=x", b"/api/graphql/"])
async def test_each_way_in_which_the_path_may_come_is_looked_at(path: bytes, ready: list[bool]) -> None:
    async with running_stack({"GATEWAY_ROOT_PATH": "/api"}) as stack, connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["nothing at all"])
        await asked.post()
        first, fields, _ = await asked.get(path + (b"" if b"?" in path else b"?query=%7B__typename%7D"))
        assert (first.split()[1], dict(fields).get("x-gateway-execution")) != ("404", "cached")
    assert ready == [False]


async def test_a_trusted_document_in_the_path_is_answered_alike_both_ways(tmp_path: Path, ready: list[bool]) -> None:
    manifest(tmp_path, "unity@1.4", by_hash(LONG))
    target = b"/graphql/sha256:" + sha256(LONG).encode()
    async with running_stack(trusting(tmp_path, "require")) as stack, connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["Unity"])
        first = await asked.get(target)
        before = await documents_used(stack)
        at_once = await asked.get(target)
        once = await documents_used(stack)
        assert without_id(at_once) == without_id(await asked.get_slowly(target))
        assert content(at_once) == content(first)
        assert (once - before, await documents_used(stack) - once) == (1, 1)
    assert ready == [True]


async def test_known_requests_are_read_anew_once_an_id_may_mean_another_text(
    tmp_path: Path, repeated: list[bool]
) -> None:
    manifest(tmp_path, "unity@1.4", by_hash(LONG))
    target = b"/graphql/sha256:" + sha256(LONG).encode()
    async with running_stack(trusting(tmp_path, "require")) as stack, connected(stack.gateway_url) as raw:
        asked = Asked(stack, raw, CLIENTS["Unity"])
        for _ in range(3):
            await asked.get(target)
        manifest(tmp_path, "unity@1.5", by_hash(LONG, "{ viewer { id } }"))
        await stack.gateway.reload()
        assert dict((await asked.get(target))[1])["x-gateway-execution"] == "compiled"
    assert repeated == [False, False, True, False]


async def documents_used(stack: Stack) -> float:
    page = (await stack.http.get(f"{stack.gateway_url}/metrics")).text
    return sum(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith("gateway_document_"))
