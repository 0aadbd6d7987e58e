"""Opaque ids: each carries its kind and what the upstream needs to address the object.

Offer steps go by number and reward steps by step id (client contract, 1 and 2.3); here every step has one id.
"""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import Enum
from functools import lru_cache

from gateway.domain.refusals import MESSAGES, UserErrorCode
from gateway.errors import BadUserInput

_BODY = re.compile(r"(?P<kind>[a-z]+)(?P<numbers>(?::(?:0|[1-9][0-9]{0,18}))+)")


CACHED_IDS = 10_000
"""Ids that are cached, about 2 MB: a project has few steps, and every response shows all of them."""


class IdKind(Enum):
    """The kind of an id: its prefix, and how many numbers follow."""

    OFFER_CHAIN = ("oc", 1)
    OFFER_STEP = ("os", 2)
    REWARD_CHAIN = ("rc", 1)
    REWARD_STEP = ("rs", 2)
    DAILY_CHAIN = ("dc", 1)
    DAILY_STEP = ("ds", 2)
    ORDER = ("order", 1)


class IdInvalid(ValueError):
    """The text is not an id of the expected kind."""


@lru_cache(maxsize=CACHED_IDS)
def encode(kind: IdKind, *numbers: int) -> str:
    """Make an id, e.g. of an offer step from its chain's id and its number."""
    prefix, _ = kind.value
    return urlsafe_b64encode(":".join((prefix, *map(str, numbers))).encode()).rstrip(b"=").decode()


def viewer_id(identity: str) -> str:
    """Make the id of the viewer with this identity, which cannot be read out of it."""
    return urlsafe_b64encode(
        hashlib.sha256(f"viewer\0{identity}".encode(errors="backslashreplace")).digest()[:18]
    ).decode()


def decode(kind: IdKind, text: str) -> tuple[int, ...]:
    """The numbers in an id of this kind. Raises IdInvalid for any text that `encode` would not have made."""
    try:
        body = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        raise IdInvalid(text) from None
    match = _BODY.fullmatch(body)
    if match is None:
        raise IdInvalid(text)
    numbers = tuple(int(number) for number in match["numbers"][1:].split(":"))
    # Encoded again, because Base64 has several texts for the same bytes and an id must have only one.
    if (match["kind"], len(numbers)) != kind.value or encode(kind, *numbers) != text:
        raise IdInvalid(text)
    return numbers


def decode_argument(kind: IdKind, text: str) -> tuple[int, ...]:
    """The numbers in an id that a field takes. Raises BadUserInput for what `decode` refuses."""
    try:
        return decode(kind, text)
    except IdInvalid:
        raise BadUserInput(MESSAGES[UserErrorCode.INVALID_ID]) from None
