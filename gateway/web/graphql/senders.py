"""Which client a request says that it is from."""

from collections.abc import Sequence

from gateway.documents.manifest import Client

_NAMES = ("graphql-client-name", "apollographql-client-name")
_VERSIONS = ("graphql-client-version", "apollographql-client-version")
SENDER_FIELDS = frozenset({*_NAMES, *_VERSIONS})


def sender_of(headers: Sequence[tuple[str, str]]) -> Client | None:
    """The client and its version from the headers that GraphQL clients send; None without both of them."""
    given = {name: value for name, value in headers if name in SENDER_FIELDS}
    if not given:
        return None
    name = next((given[one] for one in _NAMES if one in given), "")
    version = next((given[one] for one in _VERSIONS if one in given), "")
    return Client(name, version)
