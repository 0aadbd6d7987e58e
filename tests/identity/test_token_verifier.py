"""Tokens are judged by signature, algorithm, claims and time, with a shared secret; and what unproven ones claim."""

import asyncio
import json
import re

import hypothesis.strategies as st
import jwt
import pytest
from hypothesis import example, given

from gateway.errors import GatewayError, TokenExpired, Unauthenticated
from gateway.identity.token_checks import TokenChecks, VerifiedToken
from gateway.identity.token_verifier import ClaimedToken, KeySetVerifier, SharedSecretVerifier, claimed
from tests.support.clock import Clock
from tests.support.tokens import GOOD, NOW, KeyPair, KeyServer, base64url, encoded, forged, make_key_pair, signed

SECRET = "the-shared-secret-of-a-login-project-0001"
REFUSAL = re.compile(
    r"The player's token (has expired\. Refresh it and send the request again"
    r"|is not accepted: it is (not signed with RS256|not a signed JWT|too long, or not ASCII|not a JWT with a good "
    r"(HS|RS)256 signature)\. Sign in again for a new one)\."
)
URL = "https://login.example/keys"


@pytest.fixture(scope="session")
def first() -> KeyPair:
    return make_key_pair("first")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def verifier(clock: Clock) -> SharedSecretVerifier:
    return SharedSecretVerifier(SECRET, clock=clock)


async def test_a_good_token_tells_subject_and_end(verifier: SharedSecretVerifier) -> None:
    token = signed(GOOD, SECRET, "HS256")
    assert await verifier.verify(token) == VerifiedToken("player-1", NOW + 60)


async def test_a_token_ends_the_moment_its_exp_is_reached(verifier: SharedSecretVerifier, clock: Clock) -> None:
    token = signed(GOOD, SECRET, "HS256")
    clock.now = NOW + 59.9
    await verifier.verify(token)
    clock.now = NOW + 60
    with pytest.raises(TokenExpired):
        await verifier.verify(token)


@pytest.mark.parametrize(("sub", "subject"), [(12345, "12345"), (0, "0"), ("12345", "12345")])
async def test_a_player_may_go_by_a_number(verifier: SharedSecretVerifier, sub: object, subject: str) -> None:
    assert (await verifier.verify(signed({**GOOD, "sub": sub}, SECRET, "HS256"))).subject == subject


CLAIMS = {"iss": "https://login.example", "aud": ["game", "shop"], "xsolla_login_project_id": "p-1"}
CHECKS = TokenChecks(issuer="https://login.example", audience="game", login_project_id="p-1")


@pytest.mark.parametrize(
    ("claims", "check"),
    [
        ({}, None),
        ({"aud": "game"}, None),
        ({"iss": "https://login.example/"}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "games"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"xsolla_login_project_id": "p-2"}, "xsolla_login_project_id"),
        ({"xsolla_login_project_id": None}, "xsolla_login_project_id"),
        ({"nbf": NOW + 1}, "nbf"),
        ({"sub": None}, "sub"),
    ],
    ids=json.dumps,
)
async def test_a_refusal_says_which_check_failed(clock: Clock, claims: dict[str, object], check: str | None) -> None:
    verifier = SharedSecretVerifier(SECRET, clock=clock, checks=CHECKS)
    token = signed({**GOOD, **CLAIMS, **claims}, SECRET, "HS256")
    if check is None:
        assert (await verifier.verify(token)).subject == "player-1"
        return
    with pytest.raises(Unauthenticated, match=f"`{check}`") as caught:
        await verifier.verify(token)
    assert not any(str(value) in caught.value.message for value in claims.values() if isinstance(value, str))


@pytest.mark.parametrize("clocks_apart", [-30, -29.5, 0, 29.5, 30])
async def test_the_issuers_clock_may_be_a_little_off(clock: Clock, clocks_apart: float) -> None:
    verifier = SharedSecretVerifier(SECRET, clock=clock, checks=TokenChecks(leeway_seconds=30))
    issued = NOW + clocks_apart
    token = signed({"sub": "ann", "iat": issued, "nbf": issued, "exp": issued + 60}, SECRET, "HS256")
    verified = await verifier.verify(token)
    clock.now = verified.expires_at - 0.1
    await verifier.verify(token)
    clock.now = issued + 60 + 30
    with pytest.raises(TokenExpired):
        await verifier.verify(token)


async def test_a_clock_that_is_further_off_is_told(clock: Clock) -> None:
    verifier = SharedSecretVerifier(SECRET, clock=clock, checks=TokenChecks(leeway_seconds=30))
    with pytest.raises(Unauthenticated, match="not valid yet"):
        await verifier.verify(signed({**GOOD, "nbf": NOW + 31}, SECRET, "HS256"))


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("nbf", NOW),
        ("iat", NOW + 3_600),
        ("iss", "anybody"),
        ("iss", None),
        ("aud", ["a", "b"]),
        ("aud", "a"),
        ("jti", 7),
        ("groups", [{}]),
    ],
)
async def test_other_claims_do_not_stand_in_the_way(verifier: SharedSecretVerifier, claim: str, value: object) -> None:
    verified = await verifier.verify(signed({**GOOD, claim: value}, SECRET, "HS256"))
    assert verified.subject == "player-1"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW + 60},
        {"sub": "player-1"},
        {**GOOD, "sub": ""},
        {**GOOD, "sub": 7.5},
        {**GOOD, "sub": True},
        {**GOOD, "sub": "a" * 257},
        {**GOOD, "iss": 7},
        {**GOOD, "aud": [7]},
        {**GOOD, "sub": None},
        {**GOOD, "exp": None},
        {**GOOD, "exp": "1800000000"},
        {**GOOD, "exp": True},
        {**GOOD, "nbf": NOW + 1},
        {**GOOD, "nbf": "now"},
        {**GOOD, "nbf": None},
        ["player-1"],
        "player-1",
        None,
    ],
    ids=json.dumps,
)
async def test_claims_that_are_missing_early_or_malformed_are_refused(
    verifier: SharedSecretVerifier, claims: object
) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(signed(claims, SECRET, "HS256"))


@pytest.mark.parametrize(
    "payload",
    [b"{", b"\xff", b'{"x":' * 2_000, b'{"sub":"\xff","exp":1}'],
    ids=["cut", "binary", "deep", "not UTF-8"],
)
async def test_a_payload_that_is_not_json_is_refused_although_it_is_signed(
    verifier: SharedSecretVerifier, payload: bytes
) -> None:
    token = jwt.PyJWS().encode(payload, SECRET, algorithm="HS256")
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")
async def test_no_other_algorithm_is_accepted(verifier: SharedSecretVerifier, algorithm: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(signed(GOOD, SECRET, algorithm))


async def test_a_token_signed_with_another_secret_is_refused(verifier: SharedSecretVerifier) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(signed(GOOD, SECRET + "x", "HS256"))


@pytest.mark.parametrize("header", [{}, {"alg": "none"}, {"alg": "None"}, {"alg": None}, {"alg": ["HS256"]}, []])
async def test_a_header_cannot_choose_the_algorithm(verifier: SharedSecretVerifier, header: object) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(forged(header, GOOD, SECRET.encode()))


@pytest.mark.parametrize(
    "header",
    [{"alg": "HS256", "crit": ["exp"], "exp": 1}, {"alg": "HS256", "crit": ["b64"], "b64": False}],
    ids=["unknown", "detached payload"],
)
async def test_extensions_that_must_be_understood_are_refused(verifier: SharedSecretVerifier, header: object) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(forged(header, GOOD, SECRET.encode()))


async def test_a_token_of_8192_characters_is_read_and_a_longer_one_is_not(verifier: SharedSecretVerifier) -> None:
    longest = signed({**GOOD, "pad": "x" * 6_000}, SECRET, "HS256")
    longest = signed({**GOOD, "pad": "x" * (6_000 + (8_192 - len(longest)) * 3 // 4)}, SECRET, "HS256")
    assert len(longest) == 8_192
    await verifier.verify(longest)
    with pytest.raises(Unauthenticated):
        await verifier.verify(longest + "x")


async def test_a_short_secret_of_the_issuer_is_taken_without_a_warning(clock: Clock) -> None:
    token = forged({"alg": "HS256"}, GOOD, b"short")
    assert (await SharedSecretVerifier("short", clock=clock).verify(token)).subject == "player-1"


def test_a_secret_that_is_empty_or_a_public_key_is_refused_at_once(first: KeyPair) -> None:
    for unfit in ("", first.pem()):
        with pytest.raises(ValueError, match="must be a shared secret") as refusal:
            SharedSecretVerifier(unfit)
        assert first.pem() not in str(refusal.value)


def test_the_secret_is_not_shown(verifier: SharedSecretVerifier) -> None:
    assert SECRET not in repr(verifier)


texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.binary(max_size=60).map(encoded), min_size=2, max_size=5).map(".".join),
    st.builds(
        lambda header, claims: forged(header, claims, SECRET.encode()),
        st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64", "typ"]), st.text(max_size=5)),
        st.dictionaries(st.sampled_from(["sub", "exp", "nbf"]), st.none() | st.integers() | st.text(max_size=3)),
    ),
)


@given(text=texts)
@example(text="")
@example(text="\ud800.\ud800.\ud800")
@example(text="é.é.é")
def test_it_is_refused_in_our_words_only(first: KeyPair, text: str) -> None:
    clock = Clock(NOW)
    server = KeyServer(first.entry(base64url))
    for verifier in (SharedSecretVerifier(SECRET, clock=clock), KeySetVerifier(URL, transport=server, clock=clock)):
        with pytest.raises(GatewayError) as refusal:
            asyncio.run(verifier.verify(text))
        assert type(refusal.value) in (Unauthenticated, TokenExpired)
        assert refusal.value.__cause__ is None
        assert refusal.value.__context__ is None
        assert REFUSAL.fullmatch(refusal.value.message)


@given(text=texts)
@example(text="a." + "W" * 4_000 + ".b")
def test_an_end_is_claimed_or_not_and_nothing_breaks(text: str) -> None:
    assert isinstance(claimed(text).expires_at, float | None)


@pytest.mark.parametrize("exp", [NOW, NOW + 0.5, 0, -1])
def test_it_is_read_without_a_key(exp: float) -> None:
    assert claimed(forged({"alg": "HS256"}, {"exp": exp}, b"unknown")) == ClaimedToken(None, exp)


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"sub": "ann", "exp": 9}, ClaimedToken("ann", 9)),
        ({"sub": "ann"}, ClaimedToken("ann", None)),
        ({"sub": "a" * 256, "exp": 9}, ClaimedToken("a" * 256, 9)),
        ({"sub": "a" * 257, "exp": 9}, ClaimedToken(None, 9)),
        ({"sub": "", "exp": 9}, ClaimedToken(None, 9)),
        ({"sub": 7, "exp": 9}, ClaimedToken("7", 9)),
        ({"sub": 7.5, "exp": 9}, ClaimedToken(None, 9)),
        ({"sub": None, "exp": 9}, ClaimedToken(None, 9)),
        ({"sub": "ann", "exp": "soon"}, ClaimedToken()),
    ],
)
def test_a_subject_is_claimed_within_bounds(claims: object, expected: ClaimedToken) -> None:
    assert claimed(forged({}, claims, b"unknown")) == expected


@pytest.mark.parametrize(
    "token",
    [
        "opaque",
        "",
        "a.b",
        "a.b.c.d",
        "a.!.c",
        "a.é.c",
        forged({}, {"sub": "player-1"}, b"key"),
        forged({}, {"exp": "soon"}, b"key"),
        forged({}, {"exp": True}, b"key"),
        forged({}, {"exp": None}, b"key"),
        forged({}, [], b"key"),
        "a." + encoded(b"[" * 6_000) + ".c",
        "a." + encoded(b'{"exp": 1e999}') + ".c",
        "a." + encoded(b'{"exp": NaN}') + ".c",
        "a." + encoded(b'{"exp": 1}'.ljust(7_000)) + ".c",
    ],
)
def test_none_is_read_from_anything_else(token: str) -> None:
    assert claimed(token).expires_at is None
