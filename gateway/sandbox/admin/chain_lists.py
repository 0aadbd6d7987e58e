"""Pages of the publisher's chains of either kind (admin contract, 2)."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request

from gateway.sandbox.errors import RefusedError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.storage.chains import Chain, ChainKind, published_chains, with_steps
from gateway.sandbox.storage.database import Transaction

LARGEST_PAGE = 10


class ChainPage(msgspec.Struct, frozen=True):
    """A page; unlike the player's it does not count all chains."""

    has_more: bool
    items: Sequence[msgspec.Struct]


def page_of_chains(tx: Transaction, request: Request, kind: ChainKind) -> tuple[list[Chain], bool]:
    """Load the chains of the page that `limit`, `offset` and `enabled` ask for, and tell whether there are more.

    Raises RefusedError; a page above the ceiling of 10 is refused, which is our reading.
    """
    window = page_window(request, LARGEST_PAGE)
    chains = published_chains(tx, path_id(request, "project_id"), kind, _enabled(request))
    return with_steps(tx, chains[window]), len(chains) > window.stop


def _enabled(request: Request) -> bool | None:
    text = request.query_params.get("enabled")
    if text not in (None, "0", "1"):
        raise RefusedError("The property `enabled` must be 0 or 1", "enabled")
    return None if text is None else text == "1"
