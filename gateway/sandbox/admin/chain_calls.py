"""What the Admin calls for all kinds of chains have in common: find, list, add, replace, delete and toggle."""

from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gateway.sandbox.admin.admin_calls import AdminCalls, no_content
from gateway.sandbox.admin.steps import check_step_items
from gateway.sandbox.errors import NotFoundError, RefusedError
from gateway.sandbox.http.params import page_window, path_id
from gateway.sandbox.storage.chain_writes import NewChain, create_chain, delete_chain, toggle_chain, update_chain
from gateway.sandbox.storage.chains import Chain, ChainKind, find_published, published_chains, with_steps
from gateway.sandbox.storage.database import Transaction

LARGEST_PAGE = 10


class ChainPage(msgspec.Struct, frozen=True):
    """A page of chains (admin contract, 2); unlike the player's page it has no total count."""

    has_more: bool
    items: Sequence[msgspec.Struct]


class ChainCalls:
    """The calls that are the same for chains of every kind."""

    def __init__(self, calls: AdminCalls, kind: ChainKind) -> None:
        """Take the subsection's transactions and the kind, which also names the id in the path."""
        self._calls = calls
        self._kind = kind

    def find(self, tx: Transaction, request: Request) -> Chain:
        """Find the chain that the path names; raises NotFoundError."""
        chain_id = path_id(request, f"{self._kind}_chain_id")
        chain = find_published(tx, path_id(request, "project_id"), self._kind, chain_id)
        if chain is None:
            raise NotFoundError(f"{self._kind.capitalize()} chain not found")
        return chain

    def page(self, tx: Transaction, request: Request) -> tuple[list[Chain], bool]:
        """Load the chains of the page that `limit`, `offset` and `enabled` ask for, and say whether there are more.

        Raises RefusedError; a limit above 10 counts as 10, which is our reading.
        """
        window = page_window(request, LARGEST_PAGE)
        chains = published_chains(tx, path_id(request, "project_id"), self._kind, _enabled(request))
        return with_steps(tx, chains[window]), len(chains) > window.stop

    def add(self, tx: Transaction, request: Request, new: NewChain) -> int:
        """Add a chain and return its id. Raises RefusedError for an item of a step that cannot be granted."""
        project_id = path_id(request, "project_id")
        check_step_items(tx, project_id, new)
        return create_chain(tx, project_id, new)

    def replace(self, tx: Transaction, request: Request, chain: Chain, new: NewChain) -> None:
        """Replace a chain. Raises RefusedError for an item of a step that cannot be granted."""
        project_id = path_id(request, "project_id")
        check_step_items(tx, project_id, new)
        update_chain(tx, project_id, chain, new)

    async def delete(self, request: Request) -> Response:
        """Delete a chain; a reward chain's value point keeps its balance."""
        with self._calls.write() as tx:
            delete_chain(tx, self.find(tx, request))
        return no_content()

    async def toggle(self, request: Request) -> Response:
        """Switch a chain on if it is off, and off if it is on."""
        with self._calls.write() as tx:
            toggle_chain(tx, self.find(tx, request))
        return no_content()


def _enabled(request: Request) -> bool | None:
    text = request.query_params.get("enabled")
    if text not in (None, "0", "1"):
        raise RefusedError("The property `enabled` must be 0 or 1", "enabled")
    return None if text is None else text == "1"
