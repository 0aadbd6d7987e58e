"""What a cached value is found by: whose it is, and what it is about."""

from typing import NewType

from msgspec import Struct

Owner = NewType("Owner", str)
"""The owner of a value: a digest of the whole credential, or of a verified subject. Never a token."""


class CacheKey(Struct, frozen=True, gc=False):
    """One readable thing of an owner, for example one reward chain's balance.

    `resource` is the kind of thing and what a write invalidates, `key` tells things of one kind apart, `variant` names
    everything else that changes the value (the language).
    """

    resource: str
    key: str = ""
    variant: str = ""
