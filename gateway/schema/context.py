"""What resolvers find in `info.context`: one per request."""

from dataclasses import dataclass, field
from datetime import datetime

import strawberry

from gateway.errors import GatewayError
from gateway.payment import PaymentPage
from gateway.player import Player


@dataclass(frozen=True, slots=True)
class Remark:
    """An error beside a value: part of what stands at `path` could not be read, and the rest was."""

    path: tuple[str | int, ...]
    error: GatewayError


@dataclass(slots=True)
class Context:
    """The player's doors, the moment of the request, where orders are paid, and remarks.

    `is_timed` tells whether anything looked at the moment: the answer is then true for that moment only.
    """

    player: Player
    moment: datetime
    payment_page: PaymentPage
    remarks: list[Remark] = field(default_factory=list)
    is_timed: bool = False

    @property
    def now(self) -> datetime:
        """The moment that clock fields are computed for."""
        self.is_timed = True
        return self.moment


Info = strawberry.Info[Context, None]


def remark(info: Info, error: GatewayError) -> None:
    """Add an error for the field that is being resolved, without giving up its value."""
    info.context.remarks.append(Remark(tuple(info.path.as_list()), error))
