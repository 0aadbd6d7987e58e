"""Lists that are shown page by page, however long they are."""

import re

import msgspec
from starlette.requests import Request

_PAGE = re.compile(r"[1-9][0-9]{0,6}")


class Paging(msgspec.Struct, frozen=True):
    """One page of a list: its number from 1 on, how many it has at most, and how long the whole list is."""

    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """How many come before it."""
        return (self.number - 1) * self.size

    @property
    def last_number(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))


def paging(request: Request, size: int, total: int) -> Paging:
    """Read `page` of the address; anything that is no page is the first one, and beyond the last one is the last."""
    text = request.query_params.get("page", "1")
    number = int(text) if _PAGE.fullmatch(text) else 1
    return Paging(min(number, Paging(1, size, total).last_number), size, total)
