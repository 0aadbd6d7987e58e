"""A mutation as something that can be executed, recorded under an idempotency key, and recovered later."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.player import Player

A = TypeVar("A")


class WriteJournal(Generic[A]):
    """What a write may record of itself while it is executed; without a key nobody could ask for it again."""

    async def checkpoint(self, answer: A) -> None:
        """Record what would be answered if nothing more became known; to be done before anything is sent.

        Raises Overloaded where it cannot be recorded.
        """

    async def expect_order(self, skus: Collection[str]) -> None:
        """Record that an order for these items was lost, so that a webhook can bring it."""


@dataclass(frozen=True, slots=True)
class PriorState(Generic[A]):
    """What is known of a write that began earlier: its checkpoint, and the order that a webhook brought since."""

    checkpoint: A | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class IdempotentWrite(Generic[A]):
    """One mutation with all its arguments; `answer_type` is the type of what it comes to.

    `execute` sends it. It raises OutcomeUnknown where something may have been done, and another GatewayError only where
    certainly nothing was.
    `recover` reads what became of it once its answer was lost, and sends nothing. Raises OutcomeUnknown.
    """

    name: str
    arguments: tuple[str, ...]
    answer_type: type[A]
    execute: Callable[[Player, WriteJournal[A]], Awaitable[A]]
    recover: Callable[[Player, WriteJournal[A], PriorState[A]], Awaitable[A]]
    is_final: Callable[[A], bool] = lambda _: True
    """Whether an answer is recorded; else the same key may try again."""
    to_record: Callable[[A], A] = lambda answer: answer
    """What of an answer is recorded."""
    with_order: Callable[[A, int], A] = lambda answer, _: answer
    """An answer, completed by the order that a webhook brought for it."""
    as_replay: Callable[[A], A] = lambda answer: answer
    """An answer, marked as one that comes from the record of an earlier request."""
    checkpoints_first: bool = False
    """Whether it makes a checkpoint before it sends anything: without one, nothing was sent."""
