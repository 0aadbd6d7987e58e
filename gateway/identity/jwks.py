"""The key document of a Login project, decoded: RSA public keys by `kid` (client contract, 6.2)."""

import base64
import re

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

ALGORITHM = "RS256"
LEAST_BITS = 2_048
MOST_BITS = 8_192
MOST_EXPONENT_BITS = 32
"""Sizes of a usable key. The upper ones bound the time that one signature takes; issuers stay far below them."""

_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
_BASE64URL = re.compile(r"[0-9A-Za-z_-]+={0,2}")


class KeyDocumentInvalid(Exception):
    """The document is not a list of keys, or holds no key that can be used."""


class _Key(msgspec.Struct, frozen=True):
    """One key as it is served; other members are ignored."""

    kty: str
    kid: str
    n: str
    e: str
    use: str | None = None
    alg: str | None = None


class _KeySet(msgspec.Struct, frozen=True):
    """The standard's wrapping (RFC 7517), which the vendor's document does without."""

    keys: list[msgspec.Raw]


def decode_key_document(body: bytes) -> dict[str, RSAPublicKey]:
    """The keys that can verify RS256 signatures, by `kid`.

    The document is an array of keys, or an object with that array as `keys`. Keys for other uses, of other kinds or
    of odd sizes are left out, as are malformed ones: they may be meant for other clients. Raises KeyDocumentInvalid.
    """
    keys: dict[str, RSAPublicKey] = {}
    for raw in _entries(body):
        entry = _entry(raw)
        key = None if entry is None else _public_key(entry)
        if entry is not None and key is not None:
            keys[entry.kid] = key
    if not keys:
        raise KeyDocumentInvalid
    return keys


def _entries(body: bytes) -> list[msgspec.Raw]:
    try:
        document = msgspec.json.decode(body, type=list[msgspec.Raw] | _KeySet)
    except (ValueError, RecursionError):
        raise KeyDocumentInvalid from None
    return document.keys if isinstance(document, _KeySet) else document


def _entry(raw: msgspec.Raw) -> _Key | None:
    try:
        entry = msgspec.json.decode(raw, type=_Key)
    except (ValueError, RecursionError):
        return None
    is_for_signatures = entry.kty == "RSA" and entry.use in (None, "sig") and entry.alg in (None, ALGORITHM)
    return entry if is_for_signatures else None


def _public_key(entry: _Key) -> RSAPublicKey | None:
    """The key of an entry whose numbers are base64url (RFC 7518) or hexadecimal (the vendor's Go SDK).

    The modulus decides for both numbers. It has 342 base64url digits or more, and that all of these were hexadecimal
    ones by chance is out of the question; an exponent is too short to tell.
    """
    is_hexadecimal = _HEXADECIMAL.fullmatch(entry.n) is not None
    modulus = _number(entry.n, is_hexadecimal=is_hexadecimal)
    exponent = _number(entry.e, is_hexadecimal=is_hexadecimal)
    if not LEAST_BITS <= modulus.bit_length() <= MOST_BITS or exponent.bit_length() > MOST_EXPONENT_BITS:
        return None
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None


def _number(text: str, *, is_hexadecimal: bool) -> int:
    """The number, or 0 where the text is not one."""
    if is_hexadecimal:
        return int(text, 16) if _HEXADECIMAL.fullmatch(text) else 0
    if not _BASE64URL.fullmatch(text):
        return 0
    digits = text.rstrip("=")
    try:
        return int.from_bytes(base64.urlsafe_b64decode(digits + "=" * (-len(digits) % 4)), "big")
    except ValueError:
        return 0
