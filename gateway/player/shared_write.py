"""Writes without a key in a fleet: identical ones of one player join, whichever process they come to."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from gateway.errors import GatewayError, OutcomeUnknown, Overloaded
from gateway.errors.internal import RecordsFailed, SealBroken
from gateway.events.changes import Change
from gateway.player.recent_writes import WriteKey
from gateway.player.request import PlayerRequest
from gateway.records.sealing import digest, seal, unseal
from gateway.store.events import Kind
from gateway.store.lease import renewing
from gateway.store.ports import Begun, Found, RecordKey, RecordStore, new_attempt

T = TypeVar("T")

LONGEST_SECONDS = 60.0
"""How long a write of another process is waited for."""


class _Ended(msgspec.Struct, Generic[T], array_like=True, frozen=True):
    """How a write ended; of an unknown outcome there is no value."""

    is_unknown: bool
    value: T | None = None


class SharedWrite(Generic[T]):
    """One write and its record, which stands for the player, what is written and its arguments for some seconds."""

    def __init__(
        self, request: PlayerRequest, records: RecordStore, write: WriteKey, answer_type: object, change: Change
    ) -> None:
        kind, scope, *content = map(str, write)
        self._request = request
        self._records = records
        self._name = RecordKey("credential" if kind == "owner" else kind, scope, " ".join(content))
        self._arguments = digest("arguments", *self._name)
        self._attempt = new_attempt()
        self._type = _Ended[answer_type]  # type: ignore[valid-type]  # a type that is known when it runs only
        self._change = change

    async def send(self, call: Callable[[], Awaitable[T]], *, needs_record: bool) -> T:
        """Send it or, where an identical one was sent, give what that came to.

        Raises what `call` raises, OutcomeUnknown where that is not known, and with `needs_record` Overloaded where none
        can be made.
        """
        services = self._request.services
        try:
            until = services.monotonic() + LONGEST_SECONDS
            begun = await services.answers.wait(self._name, self._begin, until)
        except RecordsFailed:
            if needs_record:
                raise Overloaded from None
            return await self._carried_out(call, self._published)
        if begun.found is Found.MINE:
            return await self._carried_out(lambda: self._renewed(call), self._recorded)
        return self._outcome(begun)

    async def _begin(self) -> Begun:
        event = self._request.event(Kind.BEGIN, record=self._name)
        return await self._records.begin(self._name, self._arguments, self._attempt, announce=event)

    async def _renewed(self, call: Callable[[], Awaitable[T]]) -> T:
        call_later = self._request.services.tracker.call_later
        async with renewing(self._records, self._name, self._attempt, call_later=call_later):
            return await call()

    async def _carried_out(
        self, call: Callable[[], Awaitable[T]], end: Callable[["_Ended[T] | None"], Awaitable[None]]
    ) -> T:
        """Send it and let `end` know how it ended; None where certainly nothing was done."""
        ended: _Ended[T] | None = _Ended(is_unknown=True)
        is_unsent = False
        try:
            value = await call()
            self._request.mark_confirmed()
            ended = _Ended(False, value)
            return value
        except GatewayError as error:
            is_unsent = error.is_unsent
            if not isinstance(error, OutcomeUnknown):
                ended = None
            raise
        finally:
            if not is_unsent:
                self._request.forget()
            await end(ended)

    async def _recorded(self, ended: "_Ended[T] | None") -> None:
        """Keep how it ended, and tell it; in the background where the store does not answer."""
        if ended is None:
            end = self._request.event(Kind.END, record=self._name)
            await self._records.drop(self._name, self._attempt, announce=end)
            return
        self._request.tell_devices(self._change)
        end = self._request.event(Kind.END, record=self._name, change=self._change)
        sealed = seal(msgspec.json.encode(ended), *self._name)
        await self._records.finish(self._name, self._attempt, sealed, announce=end)

    async def _published(self, ended: "_Ended[T] | None") -> None:
        """Tell how a write without a record ended, which the upstream itself grants once."""
        if ended is not None:
            self._request.publish(self._change)

    def _outcome(self, begun: Begun) -> T:
        """What an identical write came to. Raises OutcomeUnknown."""
        try:
            ended: _Ended[T] = msgspec.json.decode(unseal(begun.answer or b"", *self._name), type=self._type)
        except (SealBroken, msgspec.MsgspecError):
            raise OutcomeUnknown from None
        if begun.found is not Found.DONE or ended.is_unknown:
            raise OutcomeUnknown
        return ended.value  # type: ignore[return-value]  # None is a value of T where it was one
