"""Digests that tell nothing, and seals that open for their own secrets only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors.internal import SealBroken
from gateway.records.sealing import digest, seal, unseal

SECRETS = ("player", "ann", "key-1")


@given(content=st.binary(max_size=200), secrets=st.lists(st.text(), max_size=3))
def test_what_is_sealed_opens_with_the_same_secrets(content: bytes, secrets: list[str]) -> None:
    assert unseal(seal(content, *secrets), *secrets) == content


@pytest.mark.parametrize("others", [("player", "ben", "key-1"), ("player", "ann", "key-2"), ("player", "annkey-1")])
def test_other_secrets_open_nothing(others: tuple[str, ...]) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(b"token", *SECRETS), *others)


def test_a_seal_that_was_altered_or_cut_opens_nothing() -> None:
    sealed = seal(b"token", *SECRETS)
    for broken in (sealed[:-1], sealed[:5], b"", bytes([sealed[0] ^ 1]) + sealed[1:], sealed[:-1] + b"\0\0"):
        with pytest.raises(SealBroken):
            unseal(broken, *SECRETS)


def test_sealing_the_same_twice_does_not_look_the_same() -> None:
    assert seal(b"token", *SECRETS) != seal(b"token", *SECRETS)
    assert b"token" not in seal(b"token", *SECRETS)


def test_digests_tell_purposes_and_the_borders_of_parts_apart() -> None:
    names = [("key", "a", "b"), ("key", "ab"), ("key", "a", "b", ""), ("arguments", "a", "b"), ("key", 'a","b')]
    assert len({digest(*name) for name in names}) == len(names)
    assert digest("key", "a", "b") == digest("key", "a", "b")
