"""What a kept value is filed under: whose it is, and what it is about."""

from typing import NamedTuple, NewType

Owner = NewType("Owner", str)
"""Whose value it is: a digest of the whole credential, or of a verified subject. Never a token."""


class CacheKey(NamedTuple):
    """One readable thing of an owner, for example one reward chain's balance.

    `resource` is the kind of thing and what a write forgets by, `key` tells things of one kind apart, `variant` names
    whatever else changes the answer (the language).
    """

    resource: str
    key: str = ""
    variant: str = ""
