"""The context of a request, which resolvers read as `info.context`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import strawberry
from graphql import get_named_type, is_object_type
from msgspec import Struct, field
from strawberry.types.nodes import SelectedField, Selection

from gateway.domain.payment import PaymentPage
from gateway.errors import BadUserInput, GatewayError
from gateway.player import Player
from gateway.schema.fields import Load, load_of


@dataclass(frozen=True, slots=True)
class PartialError:
    """An error beside a value: part of what stands at `path` could not be read, and the rest was."""

    path: tuple[str | int, ...]
    error: GatewayError


class Context(Struct, eq=False):
    """The player, the moment of the request, where orders are paid, and the partial errors.

    `is_timed` tells whether anything read the moment: the result is then true for that moment only.
    """

    player: Player
    moment: datetime
    payment_page: PaymentPage
    partial_errors: list[PartialError] = field(default_factory=list)
    is_timed: bool = False
    chosen_locales: tuple[str | None, ...] = ()
    """What the first argument `locale` was, once there was one."""

    @property
    def now(self) -> datetime:
        """The moment that clock fields are computed for."""
        self.is_timed = True
        return self.moment

    def choose_locale(self, locale: str | None) -> None:
        """Read in a language from now on; None leaves it to the request's headers.

        Raises BadUserInput for what is no language, and where another part of the operation chose otherwise: texts of
        several languages would stand beside each other in the cache of a client.
        """
        if self.chosen_locales and self.chosen_locales != (locale,):
            raise BadUserInput("All parts of an operation need the same `locale`.")
        if locale is not None and not self.chosen_locales:
            self.player.read_in(locale)
        self.chosen_locales = (locale,)


class Info(strawberry.Info[Context, None]):
    """The info that resolvers get about their field."""

    def needs(self, load: Load) -> bool:
        """Whether any selected field of the field's objects depends on that load."""
        named = get_named_type(self._raw_info.return_type)
        selected = _fields(one for field in self.selected_fields for one in field.selections)
        return is_object_type(named) and any(
            load is load_of(named.fields[name]) for name in selected if name in named.fields
        )


def _fields(selections: Iterable[Selection]) -> Iterator[str]:
    """The names of the fields in selections, without those that are skipped."""
    for one in selections:
        if one.directives.get("skip", {}).get("if") or not one.directives.get("include", {}).get("if", True):
            continue
        if isinstance(one, SelectedField):
            yield one.name
        else:
            yield from _fields(one.selections)


def add_partial_error(info: Info, error: GatewayError) -> None:
    """Add an error for the field that is being resolved, without giving up its value."""
    info.context.partial_errors.append(PartialError(tuple(info.path.as_list()), error))
