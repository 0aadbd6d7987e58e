"""Sealed answers: only a request that names the player and the key again can read what is kept."""

import hashlib
import os

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.errors.internal import SealBroken

_NONCE_BYTES = 12


def digest(purpose: str, *parts: str) -> bytes:
    """A name for `parts` that tells nothing of them; another `purpose` gives another one."""
    return hashlib.sha256(msgspec.json.encode([purpose, *parts])).digest()


def seal(content: bytes, *secrets: str) -> bytes:
    """Encrypt `content` so that it takes the same secrets to read it."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(digest("seal", *secrets)).encrypt(nonce, content, None)


def unseal(sealed: bytes, *secrets: str) -> bytes:
    """What was sealed with these secrets. Raises SealBroken."""
    try:
        return AESGCM(digest("seal", *secrets)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except (InvalidTag, ValueError):
        raise SealBroken from None
