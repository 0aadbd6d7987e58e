"""Deeds: what players ask for once, as something that can be carried out, remembered, and found out about later."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

P = TypeVar("P")
A = TypeVar("A")


class Notes(Generic[A]):
    """What a deed may note of itself while it is carried out; without a key nobody could ask for it again."""

    async def draft(self, answer: A) -> None:
        """Keep what would be answered if nothing more became known; to be done before anything is sent.

        Raises Overloaded where it cannot be kept.
        """

    async def expect_order(self, skus: Collection[str]) -> None:
        """Note that an order for these items was lost, so that a webhook can bring it."""


@dataclass(frozen=True, slots=True)
class Known(Generic[A]):
    """What is known of a deed that was begun: its draft, and the order that a webhook brought since."""

    draft: A | None = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class Deed(Generic[P, A]):
    """One mutation with all its arguments; `answer` is the type of what it comes to.

    `carry_out` does it with the doors of a player. It raises OutcomeUnknown where something may have been done, and
    another GatewayError only where certainly nothing was.
    `settle` reads what became of it once its answer was lost, and sends nothing. Raises OutcomeUnknown.
    """

    name: str
    arguments: tuple[str, ...]
    answer: type[A]
    carry_out: Callable[[P, Notes[A]], Awaitable[A]]
    settle: Callable[[P, Notes[A], Known[A]], Awaitable[A]]
    is_final: Callable[[A], bool] = lambda _: True
    """Whether an answer is kept; else the same key may try again."""
    kept: Callable[[A], A] = lambda answer: answer
    """What of an answer is kept."""
    with_order: Callable[[A, int], A] = lambda answer, _: answer
    """An answer, completed by the order that a webhook brought for it."""
    drafts_first: bool = False
    """Whether it keeps a draft before it sends anything: without one, nothing was sent."""
