"""Deeds under an idempotency key: carried out once, remembered for a day, and told again to whoever has the key."""

import asyncio
import re
from typing import Self, TypeVar

from gateway.concurrency.single_flight import FlightEnded
from gateway.errors import (
    AccessError,
    BadUserInput,
    GatewayError,
    KeyConflict,
    KeyInUse,
    OutcomeUnknown,
    UpstreamInvalid,
)
from gateway.player.deeds import Deed, Notes
from gateway.player.entries import Entry, Found, Scope
from gateway.player.reads import CHAINS
from gateway.player.writes import Writes

A = TypeVar("A")

KEY = re.compile(r"[ -~]{1,128}")
"""An idempotency key: printable ASCII."""

_LONGEST_SECONDS = 60.0
"""How long a deed may take once nobody waits for it; its calls have bounds of their own."""


class Once(Writes):
    """The door to everything that is done once."""

    async def once(self, key: str | None, deed: Deed[Self, A]) -> A:
        """Carry a deed out, or with a key that is known answer what became of it.

        Under one key of one player, on all of his devices and over restarts, a deed is sent once. It is recorded
        before it is sent, and what it came to before it is told. A deed that is under way at the deadline raises
        OutcomeUnknown, goes on, and is told to whoever asks with the key later.

        Raises what `deed` raises, BadUserInput for a malformed key, KeyConflict for one that stands for another deed,
        KeyInUse where the first who asked has no answer yet, and Overloaded where nothing can be recorded.
        """
        self.require_sign_in()
        try:
            return await (deed.carry_out(self, Notes()) if key is None else self._under_key(key, deed))
        except OutcomeUnknown:
            # What was read to find out may be older than what the lost write still does.
            self._forget(CHAINS)
            raise

    async def _under_key(self, key: str, deed: Deed[Self, A]) -> A:
        if not KEY.fullmatch(key):
            raise BadUserInput("idempotencyKey must be 1 to 128 printable ASCII characters.")
        entry = Entry(self._services.idempotency, await self._scope(), key, deed)
        while True:
            under_way = self._services.keyed.in_flight(entry.key)
            if under_way and entry.arguments not in under_way:
                raise KeyConflict
            try:
                return await self._join(entry, deed, is_first=not under_way)
            except AccessError:
                # Another device's credential being refused says nothing of this one.
                if not under_way:
                    raise

    async def _scope(self) -> Scope:
        """Whose the key is. Anybody can write another player's id into a token, so it has to be accepted first."""
        if self.caller.player_id is None:
            return Scope("credential", self.caller.owner)
        await self.confirm()
        if not self.is_confirmed:
            # Falling back to the credential would lose sight of what the player did before he refreshed his token.
            raise UpstreamInvalid
        return Scope("player", self.caller.player_id)

    async def _join(self, entry: Entry[Self, A], deed: Deed[Self, A], *, is_first: bool) -> A:
        try:
            return await self._services.keyed.join(
                entry.arguments,
                lambda: self._find_or_do(entry, deed),
                group=entry.key,
                keep_running=True,
                deadline=self.deadline,
            )
        except TimeoutError:
            raise (OutcomeUnknown if is_first else KeyInUse) from None
        except FlightEnded:
            raise OutcomeUnknown from None

    async def _find_or_do(self, entry: Entry[Self, A], deed: Deed[Self, A]) -> A:
        found = await entry.begin()
        if found is None or (deed.drafts_first and not found.is_noted):
            return await self._do(entry, deed)
        answer = await self._find_out(entry, deed, found) if found.answer is None else found.answer
        return answer if found.known.order_id is None else deed.with_order(answer, found.known.order_id)

    async def _do(self, entry: Entry[Self, A], deed: Deed[Self, A]) -> A:
        try:
            answer = await deed.carry_out(self._unhurried(), entry)
        except OutcomeUnknown:
            raise
        except GatewayError:
            await entry.drop()
            raise
        return await self._conclude(entry, deed, answer)

    async def _find_out(self, entry: Entry[Self, A], deed: Deed[Self, A], found: Found[A]) -> A:
        # What is kept in memory may be older than what the lost write did.
        self._forget(CHAINS)
        answer = await deed.settle(self._unhurried(), entry, found.known)
        return await self._conclude(entry, deed, answer)

    async def _conclude(self, entry: Entry[Self, A], deed: Deed[Self, A], answer: A) -> A:
        if deed.is_final(answer):
            await entry.finish(deed.kept(answer))
        else:
            await entry.drop()
        return answer

    def _unhurried(self) -> Self:
        """The same player with time to finish what was begun, whoever still waits for it."""
        deadline = asyncio.get_running_loop().time() + _LONGEST_SECONDS
        return type(self)(self.caller, self._services, deadline=deadline, is_keyed=True)
