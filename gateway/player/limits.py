"""Whom limits count for: a caller's player and address."""

from gateway.admission.rate_limits import Source
from gateway.identity.caller import Caller


def source_of(caller: Caller) -> Source:
    """A player by their owner, because anybody can write another player's id into a token; others by their address."""
    if not caller.is_signed_in:
        return Source(caller.address, caller.address, is_new=False)
    return Source(caller.owner, caller.address, is_new=not caller.is_verified)
