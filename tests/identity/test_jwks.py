"""A document of public keys is read in every form in which it may come, and what cannot be used is left out."""

import json
from collections.abc import Callable

import httpx
import pytest

from gateway.errors import Unauthenticated, UpstreamUnavailable
from gateway.identity.token_checks import VerifiedToken
from gateway.identity.token_verifier import KeySetVerifier
from tests.support.clock import Clock
from tests.support.tokens import NOW, KeyPair, KeyServer, base64url, even_hexadecimal, hexadecimal, make_key_pair

URL = "https://login.example/api/projects/1/keys"


@pytest.fixture(scope="session")
def first() -> KeyPair:
    return make_key_pair("first")


@pytest.fixture(scope="session")
def second() -> KeyPair:
    return make_key_pair("second", 3_072)


@pytest.fixture(scope="session")
def short() -> KeyPair:
    return make_key_pair("short", 2_047)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def server(first: KeyPair) -> KeyServer:
    return KeyServer(first.entry(base64url))


@pytest.fixture
def verifier(server: KeyServer, clock: Clock) -> KeySetVerifier:
    return KeySetVerifier(URL, transport=server, clock=clock)


@pytest.mark.parametrize("number", [base64url, hexadecimal, even_hexadecimal])
@pytest.mark.parametrize("wrapped", [False, True], ids=["array", "wrapped"])
async def test_keys_are_read_in_either_encoding_and_either_form(
    first: KeyPair, second: KeyPair, clock: Clock, number: Callable[[int], str], wrapped: bool
) -> None:
    server = KeyServer()
    keys = [first.entry(number), second.entry(number)]
    server.serve({"keys": keys} if wrapped else keys)
    verifier = KeySetVerifier(URL, transport=server, clock=clock)
    for pair in (first, second):
        assert await verifier.verify(pair.sign()) == VerifiedToken("player-1", NOW + 60)
    assert server.calls == 1


async def test_padded_base64url_and_absent_use_and_alg_are_fine(first: KeyPair, clock: Clock) -> None:
    entry = first.entry(lambda number: base64url(number) + "==")
    del entry["use"], entry["alg"]
    verifier = KeySetVerifier(URL, transport=KeyServer(entry), clock=clock)
    assert (await verifier.verify(first.sign())).subject == "player-1"


@pytest.mark.parametrize(
    "unfit",
    [
        {"use": "enc"},
        {"kty": "EC"},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"kid": 7},
        {"n": "not*base64url"},
        {"n": "x"},
        {"n": None},
        {"n": "f" * 8_000},
        {"e": "AQABAQABAQAB"},
        {"e": "Ag"},
        {"e": "*"},
        {"e": ""},
    ],
    ids=str,
)
async def test_keys_that_cannot_be_used_are_left_out_and_the_others_serve(
    first: KeyPair, second: KeyPair, clock: Clock, unfit: dict[str, object]
) -> None:
    server = KeyServer(first.entry(base64url, **unfit), second.entry(base64url))
    verifier = KeySetVerifier(URL, transport=server, clock=clock)
    await verifier.verify(second.sign())
    clock.advance(30)
    with pytest.raises(Unauthenticated):
        await verifier.verify(first.sign())


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
async def test_a_key_of_less_than_2048_bits_is_left_out(first: KeyPair, short: KeyPair, clock: Clock) -> None:
    server = KeyServer(short.entry(base64url), first.entry(base64url))
    verifier = KeySetVerifier(URL, transport=server, clock=clock)
    await verifier.verify(first.sign())
    clock.advance(30)
    with pytest.raises(Unauthenticated):
        await verifier.verify(short.sign())


async def test_a_hexadecimal_modulus_wants_a_hexadecimal_exponent(
    first: KeyPair, second: KeyPair, clock: Clock
) -> None:
    server = KeyServer(first.entry(hexadecimal, e="AQAB"), second.entry(hexadecimal))
    verifier = KeySetVerifier(URL, transport=server, clock=clock)
    await verifier.verify(second.sign())
    clock.advance(30)
    with pytest.raises(Unauthenticated):
        await verifier.verify(first.sign())


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"location": "https://evil.example/keys"}),
        httpx.Response(204),
        httpx.Response(503),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b'"keys"'),
        httpx.Response(200, content=b"{}"),
        httpx.Response(200, content=b'{"keys": []}'),
        httpx.Response(200, content=b"[7, null, []]"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b"\xff"),
    ],
    ids=[
        "redirect",
        "no content",
        "busy",
        "empty",
        "html",
        "text",
        "no keys",
        "no key",
        "no objects",
        "deep",
        "binary",
    ],
)
async def test_an_answer_without_keys_is_a_failed_fetch(
    first: KeyPair, verifier: KeySetVerifier, server: KeyServer, answer: httpx.Response
) -> None:
    server.answer = lambda: answer
    with pytest.raises(UpstreamUnavailable):
        await verifier.verify(first.sign())
    assert server.calls == 1


async def test_a_document_of_256_kilobytes_is_read_and_a_longer_one_is_not(
    first: KeyPair, server: KeyServer, clock: Clock
) -> None:
    document = json.dumps([first.entry(base64url)]).encode()
    for size, works in ((262_144, True), (262_145, False)):
        server.answer = lambda size=size: httpx.Response(200, content=document.ljust(size))  # type: ignore[misc]
        verifier = KeySetVerifier(URL, transport=server, clock=clock)
        if works:
            await verifier.verify(first.sign())
        else:
            with pytest.raises(UpstreamUnavailable):
                await verifier.verify(first.sign())
