"""What all Admin calls share: bodies, transactions and refusals in the form of their subsection."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from gateway.sandbox.admin.request_body import read_body
from gateway.sandbox.errors import DetailedNotFoundError, DetailsFormat, NotFoundError, RefusedError
from gateway.sandbox.storage.database import Database, Transaction

_Body = TypeVar("_Body")


class AdminCalls:
    """Reads bodies and opens transactions, after the publisher was authenticated."""

    def __init__(self, database: Database, details: DetailsFormat) -> None:
        """Take the database, and the form of details in this subsection's refusals."""
        self._database = database
        self._details = details

    async def body(self, request: Request, decode: Callable[[bytes], _Body]) -> _Body:
        """Read the request's body; raises RefusedError."""
        with self.refusals():
            return await read_body(request, decode)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction for queries."""
        with self.refusals(), self._database.read() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction for changes; a refusal undoes them."""
        with self.refusals(), self._database.write() as tx:
            yield tx

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Put refusals into this subsection's form."""
        try:
            yield
        except RefusedError as error:
            raise error.with_details(self._details) from error.__cause__
        except NotFoundError as error:
            if self._details is not DetailsFormat.OBJECT:
                raise
            raise DetailedNotFoundError(str(error)) from error.__cause__


def origin(request: Request) -> str:
    """Return the address that a call was made to, for links to the sandbox's own pictures."""
    return f"{request.url.scheme}://{request.url.netloc}"


def absolute_url(request_origin: str, url: str | None) -> str | None:
    """Complete the address of a picture that the sandbox serves itself."""
    return request_origin + url if url and url.startswith("/") else url


def no_content() -> Response:
    """Return the response of a change: 204, without a body."""
    return Response(status_code=204)
