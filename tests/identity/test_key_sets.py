"""Tokens are judged with keys from a URL, and however many tokens come, few calls are made for the keys."""

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.errors import TokenExpired, Unauthenticated, UpstreamUnavailable
from gateway.identity.token_verifier import KeySetVerifier
from tests.support.clock import Clock
from tests.support.httpx_transports import HTTPXTransport
from tests.support.loads import run_ready
from tests.support.tokens import GOOD, NOW, KeyPair, KeyServer, base64url, forged, make_key_pair, signed

URL = "https://login.example/api/projects/1/keys"


@pytest.fixture(scope="session")
def first() -> KeyPair:
    return make_key_pair("first")


@pytest.fixture(scope="session")
def second() -> KeyPair:
    return make_key_pair("second", 3_072)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def server(first: KeyPair) -> KeyServer:
    return KeyServer(first.entry(base64url))


@pytest.fixture
def verifier(server: KeyServer, clock: Clock) -> KeySetVerifier:
    return KeySetVerifier(URL, transport=server, clock=clock)


async def test_the_public_key_is_no_secret_to_sign_with(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    token = forged({"alg": "HS256", "kid": "first"}, GOOD, first.pem().encode())
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)
    assert server.calls == 0


async def test_other_algorithms_are_refused_before_any_fetch(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    tokens = [
        signed(GOOD, curve, "ES256", kid="first"),
        signed(GOOD, first.private, "RS512", kid="first"),
        signed(GOOD, first.private, "PS256", kid="first"),
        forged({"alg": "none", "kid": "first"}, GOOD, b"key"),
    ]
    for token in tokens:
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)
    assert server.calls == 0


async def test_a_token_without_a_key_name_is_verified_with_the_only_key(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    for _ in range(2):
        await verifier.verify(signed(GOOD, first.private, "RS256"))
    assert server.calls == 1
    with pytest.raises(Unauthenticated, match="signature"):
        await verifier.verify(signed(GOOD, second.private, "RS256"))


async def test_a_token_without_a_key_name_is_refused_where_there_are_several(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    server.serve([first.entry(base64url), second.entry(base64url)])
    for _ in range(3):
        with pytest.raises(Unauthenticated, match="`kid`"):
            await verifier.verify(signed(GOOD, first.private, "RS256"))
    assert server.calls == 1


async def test_a_token_signed_with_another_key_of_that_name_is_refused(
    second: KeyPair, verifier: KeySetVerifier
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(second.sign(kid="first"))


async def test_an_expired_token_is_told_from_a_bad_one(first: KeyPair, verifier: KeySetVerifier, clock: Clock) -> None:
    token = first.sign()
    clock.advance(60)
    with pytest.raises(TokenExpired):
        await verifier.verify(token)


async def test_only_the_configured_url_is_fetched(first: KeyPair, verifier: KeySetVerifier, server: KeyServer) -> None:
    await verifier.verify(first.sign(jku="https://evil.example/keys", x5u="https://evil.example/chain"))
    (request,) = server.requests
    assert (request.method, str(request.url)) == ("GET", URL)
    assert request.extensions["timeout"] == {"connect": 1.5, "read": 1.5, "write": 1.5, "pool": 1.5}
    assert "authorization" not in request.headers


async def test_verifications_at_the_same_time_share_one_fetch(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    await asyncio.gather(*(verifier.verify(first.sign()) for _ in range(50)))
    assert server.calls == 1


async def test_keys_are_fetched_again_after_their_lifetime(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    token = first.sign({**GOOD, "exp": NOW + 9_999})
    await verifier.verify(token)
    clock.advance(3_599)
    await verifier.verify(token)
    assert server.calls == 1
    clock.advance(1)
    await verifier.verify(token)
    assert server.calls == 2


async def test_a_key_that_is_no_longer_served_is_no_longer_accepted(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    token = first.sign({**GOOD, "exp": NOW + 9_999})
    await verifier.verify(token)
    server.serve([second.entry(base64url)])
    clock.advance(3_600)
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_a_new_key_is_fetched_when_a_token_names_it(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    server.serve([first.entry(base64url), second.entry(base64url)])
    clock.advance(30)
    assert (await verifier.verify(second.sign())).subject == "player-1"
    assert server.calls == 2


async def test_made_up_key_names_cost_one_fetch_an_interval(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    for seconds in (0, 29.9, 0.1, 29.9):
        clock.advance(seconds)
        for number in range(20):
            with pytest.raises((Unauthenticated, UpstreamUnavailable)):
                await verifier.verify(first.sign(kid=f"made-up-{number}"))
    assert server.calls == 2


async def test_a_key_that_is_not_there_yet_while_keys_change_is_worth_another_try(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    server.serve([first.entry(base64url), second.entry(base64url)])
    with pytest.raises(UpstreamUnavailable, match="not known here yet") as caught:
        await verifier.verify(second.sign())
    assert caught.value.is_retryable
    clock.advance(30)
    assert (await verifier.verify(second.sign())).subject == "player-1"
    clock.advance(30)
    with pytest.raises(Unauthenticated, match="`kid`"):
        await verifier.verify(first.sign(kid="made-up"))


async def test_made_up_key_names_do_not_keep_good_tokens_waiting(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    clock.advance(30)
    made_up = asyncio.create_task(verifier.verify(first.sign(kid="made-up")))
    await asyncio.sleep(0)
    good = asyncio.create_task(verifier.verify(first.sign()))
    await asyncio.sleep(0)
    assert (made_up.done(), good.done()) == (False, True)
    with pytest.raises(Unauthenticated):
        await made_up


async def test_a_fetch_under_way_is_waited_for_within_the_interval(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    gone = asyncio.create_task(verifier.verify(first.sign()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    assert (await verifier.verify(first.sign())).subject == "player-1"
    assert server.calls == 1


async def test_a_clock_that_is_set_back_does_not_stop_fetching(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    clock.advance(-86_400)
    assert (await verifier.verify(first.sign())).subject == "player-1"
    assert server.calls == 2


async def test_known_keys_serve_until_stale_while_fetching_fails(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    token = first.sign({**GOOD, "exp": NOW + 999_999})
    await verifier.verify(token)
    server.break_down()
    clock.advance(86_399)
    await verifier.verify(token)
    clock.advance(1)
    with pytest.raises(UpstreamUnavailable):
        await verifier.verify(token)
    assert server.calls == 2


async def test_an_unknown_key_is_not_called_bad_while_fetching_fails(
    first: KeyPair, second: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    await verifier.verify(first.sign())
    server.break_down()
    clock.advance(30)
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await verifier.verify(second.sign())
    assert (await verifier.verify(first.sign())).subject == "player-1"
    assert server.calls == 2


async def test_keys_are_fetched_again_an_interval_after_a_failure(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, clock: Clock
) -> None:
    working = server.answer
    server.break_down()
    for _ in range(2):
        with pytest.raises(UpstreamUnavailable):
            await verifier.verify(first.sign())
    assert server.calls == 1
    server.answer = working
    clock.advance(30)
    assert (await verifier.verify(first.sign())).subject == "player-1"
    with pytest.raises(UpstreamUnavailable):
        await verifier.verify(first.sign(kid="made-up"))
    assert server.calls == 2


async def test_an_endless_document_is_left_early_and_its_connection_given_back(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer
) -> None:
    endless = Endless()
    server.answer = lambda: httpx.Response(200, stream=endless)
    with pytest.raises(UpstreamUnavailable):
        await verifier.verify(first.sign())
    assert (endless.chunks, endless.closed) == (5, 1)


async def test_a_server_that_does_not_answer_is_left_after_the_timeout(first: KeyPair, clock: Clock) -> None:
    silent = Silent()
    verifier = KeySetVerifier(URL, transport=silent, clock=clock, timeout_seconds=0.01)
    with pytest.raises(UpstreamUnavailable):
        await verifier.verify(first.sign())
    assert silent.cancelled == 1


async def test_closing_ends_a_fetch(first: KeyPair, clock: Clock) -> None:
    silent = Silent()
    verifier = KeySetVerifier(URL, transport=silent, clock=clock)
    waiting = asyncio.create_task(verifier.verify(first.sign()))
    await run_ready()
    await verifier.aclose()
    with pytest.raises(UpstreamUnavailable):
        await waiting
    assert silent.cancelled == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_failed_fetch_is_logged_without_the_url(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.break_down()
    with caplog.at_level(logging.WARNING), pytest.raises(UpstreamUnavailable):
        await verifier.verify(first.sign())
    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("WARNING", "token_keys_not_fetched")
    assert vars(record)["event_fields"] == {"reason": "ConnectError"}


class Endless(httpx.AsyncByteStream):
    """A body without end, in chunks of 64 KB."""

    def __init__(self) -> None:
        self.chunks = 0
        self.closed = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.chunks += 1
            yield b" " * 65_536

    async def aclose(self) -> None:
        self.closed += 1


class Silent(HTTPXTransport):
    """Takes requests and never answers."""

    cancelled = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        never: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        try:
            return await never
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
