"""Who asks, and what of a request goes on to the upstream."""

import asyncio
from ipaddress import ip_network

import pytest

from gateway.errors import TokenExpired, Unauthenticated
from gateway.identity.addresses import ClientAddress, TrustedProxies
from gateway.identity.caller import ANONYMOUS, Caller, Identity
from gateway.identity.token_checks import VerifiedToken
from gateway.identity.token_verifier import SharedSecretVerifier
from gateway.sandbox import mint_token
from tests.support.clock import Clock

SECRET = "a-secret-of-thirty-two-bytes-or-more"
PROXIES = ClientAddress("x-user-ip", TrustedProxies((ip_network("10.0.0.0/8"), ip_network("fd00::/8"))))


async def caller(*headers: tuple[str, str], peer: str | None = "192.0.2.1", identity: Identity | None = None) -> Caller:
    return await (identity or Identity(project_id=1)).caller(headers, peer)


async def test_a_request_without_a_token_is_an_anonymous_caller() -> None:
    assert await caller() == Caller(ANONYMOUS, False, ())


@pytest.mark.parametrize("value", ["Bearer abc.def-_~+/==", "bearer opaque", "BEARER  two-spaces"])
async def test_a_token_is_forwarded_as_it_came(value: str) -> None:
    who = await caller(("authorization", value))
    assert who.headers == (("authorization", value),)
    assert (who.is_signed_in, who.expires_at) == (True, None)


@pytest.mark.parametrize("value", ["", "  ", "Bearer", "bearer ", "\t"])
async def test_an_empty_credential_means_that_there_is_none(value: str) -> None:
    assert await caller(("authorization", value)) == Caller(ANONYMOUS, False, ())


async def test_white_space_around_a_credential_is_no_part_of_it() -> None:
    spaced = await caller(("authorization", " Bearer\tabc \t"))
    assert spaced.headers == (("authorization", "Bearer\tabc"),)
    assert spaced.owner == (await caller(("authorization", "Bearer abc"))).owner


async def test_a_credential_that_a_proxy_copied_counts_once() -> None:
    twice = await caller(("authorization", "Bearer abc"), ("authorization", "Bearer abc "))
    assert twice == await caller(("authorization", "Bearer abc"))


async def test_the_owner_follows_from_the_whole_token_and_the_project() -> None:
    first = await caller(("authorization", "Bearer abc"))
    same = await caller(("authorization", "bearer abc"), ("accept-language", "de"))
    other = await caller(("authorization", "Bearer abd"))
    elsewhere = await caller(("authorization", "Bearer abc"), identity=Identity(project_id=2))
    assert first.owner == same.owner
    assert len({first.owner, other.owner, elsewhere.owner, ANONYMOUS}) == 4
    assert "abc" not in first.owner


async def test_the_identity_is_that_of_the_player_as_far_as_the_token_names_one() -> None:
    earlier, later, other = [
        await caller(("authorization", f"Bearer {mint_token(player, lifetime_seconds=60, now=now)}"))
        for player, now in (("ann", 0), ("ann", 1), ("ben", 0))
    ]
    opaque = await caller(("authorization", "Bearer ann"))
    assert earlier.identity == later.identity
    assert earlier.owner != later.owner
    assert len({one.identity for one in (earlier, other, opaque, await caller())}) == 4


async def test_neither_owner_nor_repr_shows_the_token() -> None:
    who = await caller(("authorization", "Bearer very-secret"))
    assert "very-secret" not in repr(who)


async def test_the_end_of_a_token_is_taken_from_it_without_verification() -> None:
    token = mint_token("ann", now=1000.0, lifetime_seconds=60)
    assert (await caller(("authorization", f"Bearer {token}"))).expires_at == 1060


async def test_nothing_else_of_the_client_is_forwarded() -> None:
    who = await caller(("cookie", "a=b"), ("x-forwarded-for", "203.0.113.9"), ("host", "h"), ("x-user", "u"))
    assert who.headers == ()
    assert who.variant == ""


async def test_the_language_is_forwarded_and_tells_answers_apart() -> None:
    german = await caller(("accept-language", "de-DE, en;q=0.5"))
    english = await caller(("accept-language", "en"))
    assert german.headers == (("accept-language", "de-DE, en;q=0.5"),)
    assert (german.owner, english.owner) == (ANONYMOUS, ANONYMOUS)
    assert german.variant != english.variant
    assert german.variant == (await caller(("accept-language", "DE-de,EN;q=0.5"))).variant


@pytest.mark.parametrize("value", ["d" * 257, "dä", "de\x00", ""])
async def test_a_language_that_is_none_is_left_out(value: str) -> None:
    who = await caller(("accept-language", value))
    assert (who.headers, who.variant, who.languages) == ((), "", ())


# The player's address


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        pytest.param("10.0.0.1", ["203.0.113.9"], "203.0.113.9", id="a proxy tells it"),
        pytest.param("10.0.0.1", ["1.1.1.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9", id="what the client wrote is left"),
        pytest.param("10.0.0.1", ["1.1.1.1", "203.0.113.9"], "203.0.113.9", id="in two lines"),
        pytest.param("fd00::1", ["2001:db8::9"], "2001:db8::9", id="version 6"),
        pytest.param("192.0.2.1", ["203.0.113.9"], None, id="anybody else may not tell"),
        pytest.param(None, ["203.0.113.9"], None, id="no peer"),
        pytest.param("unix", ["203.0.113.9"], None, id="a peer that is no address"),
        pytest.param("10.0.0.1", ["203.0.113.9, unknown"], None, id="a broken hop proves nothing"),
        pytest.param("10.0.0.1", ["10.0.0.3"], None, id="only proxies"),
        pytest.param("10.0.0.1", [], None, id="not told"),
    ],
)
async def test_the_address_is_believed_from_trusted_proxies_only(
    peer: str | None, forwarded_for: list[str], address: str | None
) -> None:
    identity = Identity(project_id=1, client_address=PROXIES)
    who = await caller(*(("x-forwarded-for", line) for line in forwarded_for), peer=peer, identity=identity)
    assert who.headers == ((("x-user-ip", address),) if address else ())
    assert who.variant == (f"@{address}" if address else "")


# Verification here


async def test_with_verification_the_subject_owns_what_is_kept() -> None:
    clock = Clock()
    identity = Identity(project_id=1, verifier=SharedSecretVerifier(SECRET, clock=clock))
    tokens = [mint_token("ann", secret=SECRET, now=clock() - age, lifetime_seconds=600) for age in (0, 60)]
    first, second = [await caller(("authorization", f"Bearer {token}"), identity=identity) for token in tokens]
    assert tokens[0] != tokens[1]
    assert first.owner == second.owner
    assert (first.expires_at, second.expires_at) == (clock() + 600, clock() + 540)
    unverified = await caller(("authorization", f"Bearer {tokens[0]}"))
    assert unverified.owner != first.owner


async def test_with_verification_bad_and_expired_tokens_are_refused() -> None:
    clock = Clock()
    identity = Identity(project_id=1, verifier=SharedSecretVerifier(SECRET, clock=clock))
    forged = mint_token("ann", secret="another-secret-of-thirty-two-bytes", now=clock())
    expired = mint_token("ann", secret=SECRET, now=clock() - 700, lifetime_seconds=600)
    with pytest.raises(Unauthenticated):
        await caller(("authorization", f"Bearer {forged}"), identity=identity)
    with pytest.raises(Unauthenticated):
        await caller(("authorization", "Bearer opaque"), identity=identity)
    with pytest.raises(TokenExpired):
        await caller(("authorization", f"Bearer {expired}"), identity=identity)
    assert (await caller(identity=identity)).owner == ANONYMOUS


class Waiting:
    """A verifier that has to wait before it can tell."""

    def __init__(self) -> None:
        self.is_ended = False

    async def verify(self, _: str) -> VerifiedToken:
        try:
            await asyncio.sleep(0)
        finally:
            self.is_ended = True
        raise AssertionError


async def test_a_caller_is_found_at_once_where_nothing_has_to_be_waited_for() -> None:
    headers = (("authorization", "Bearer abc"),)
    waiting, secret = Waiting(), SharedSecretVerifier(SECRET)
    assert Identity(project_id=1).caller_at_once(headers, None) == await caller(*headers, peer=None)
    assert Identity(project_id=1, verifier=waiting).caller_at_once(headers, None) is None
    assert waiting.is_ended
    assert Identity(project_id=1, verifier=secret).caller_at_once(headers, None) is None
