"""The GraphiQL page: an editor in the browser, served from this package under a strict content security policy."""

import hashlib
import html
import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from string import Template
from typing import TypeVar

import msgspec
from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.http.content_coding import compress
from gateway.web.content_encoding import COMPRESSED, accepted_encoding

_T = TypeVar("_T")
_STATIC = Path(__file__).parent / "static" / "graphiql"
PATH = "/graphiql"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_ASSETS = (
    "page.js",
    "examples.js",
    "fetcher.js",
    "toolbar.js",
    "page.css",
    "favicon.svg",
    "vendor/graphiql.js",
    "vendor/graphiql.css",
    "vendor/LICENSES.txt",
)

# Styles need no 'unsafe-inline': React and CodeMirror set them through the CSSOM, and the one style element that a
# dialog adds carries the nonce. Images may come from anywhere because GraphiQL previews the image URLs of an answer.
_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-{nonce}'",
        "connect-src 'self'",
        "img-src 'self' data: https: http://127.0.0.1:* http://localhost:*",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)


@dataclass(frozen=True)
class Example:
    """One tab of the editor; GraphiQL titles the tab with the operation's name.

    `variables` is the text of a JSON object, or empty; `group` is what the tabs of its kind are called.
    """

    name: str
    query: str
    variables: str = ""
    group: str = ""


@dataclass(frozen=True)
class PagePlayer:
    """A player to choose on the page: their name, and the `Authorization` that their requests carry."""

    name: str
    authorization: str = field(repr=False)


@dataclass(frozen=True)
class GraphiQLSetup:
    """What a page has besides its examples: players to be, other pages to lead to, and whether the first tab runs."""

    players: tuple[PagePlayer, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    runs_first: bool = False


def load_examples(folder: Path) -> list[Example]:
    """The operations in `*.graphql`, each with its `*.variables.json` if there is one.

    Their order and groups are those of `groups.json`, then that of the file names. Raises ValueError, naming the file,
    for a text without a named operation, and for JSON of another form.
    """
    groups = folder / "groups.json"
    names = _load_json(groups, dict[str, list[str]]) if groups.exists() else {}
    places = {name: (place, group) for place, (name, group) in enumerate(_pairs(names))}
    loaded = [_load_example(path) for path in sorted(folder.glob("*.graphql"))]
    ordered = sorted(loaded, key=lambda example: places.get(example.name, (len(places), ""))[0])
    return [replace(one, group=places[one.name][1]) if one.name in places else one for one in ordered]


def _pairs(groups: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    return ((name, group) for group, names in groups.items() for name in names)


def _load_example(path: Path) -> Example:
    query = path.read_text(encoding="utf-8")
    variables = path.with_suffix(".variables.json")
    return Example(_operation_name(path.name, query), query, _load_variables(variables) if variables.exists() else "")


def _operation_name(file: str, query: str) -> str:
    try:
        definitions = parse(query).definitions
    except GraphQLSyntaxError as error:
        raise ValueError(f"{file}: {error.message}") from error
    for definition in definitions:
        if isinstance(definition, OperationDefinitionNode) and definition.name:
            return definition.name.value
    raise ValueError(f"{file}: no named operation")


def _load_variables(path: Path) -> str:
    _load_json(path, dict[str, object])
    return path.read_text(encoding="utf-8")


def _load_json(path: Path, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error


@dataclass(frozen=True)
class _Asset:
    """A shipped file in memory; its URL changes with its content."""

    name: str
    content: bytes
    compressed: bytes
    media_type: str
    digest: str

    @classmethod
    def read(cls, path: Path) -> "_Asset":
        content = path.read_bytes()
        return cls(
            path.name, content, compress(content), _MEDIA_TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16]
        )

    def url(self, root_path: str) -> str:
        return f"{root_path}{PATH}/assets/{self.name}?v={self.digest}"


class GraphiQL:
    """Serves the page at `/graphiql` and its files below `/graphiql/assets`; requests nothing from any other host.

    Without players to choose, the header editor shows how a player signs in, and the page leaves that hint out of its
    requests. `nonce` makes one unguessable value for each answer.
    """

    def __init__(
        self,
        *,
        graphql_path: str = "/graphql",
        examples: Sequence[Example],
        setup: GraphiQLSetup | None = None,
        title: str = "LiveOps Gateway",
        nonce: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self._graphql_path = graphql_path
        self._examples = tuple(examples)
        self._setup = setup or GraphiQLSetup()
        self._title = title
        self._nonce = nonce
        self._template = Template((_STATIC / "page.html").read_text(encoding="utf-8"))
        self._assets = {asset.name: asset for asset in (_Asset.read(_STATIC / path) for path in _ASSETS)}

    def routes(self) -> list[BaseRoute]:
        """The page and its assets, for the application's table of routes."""
        return [Route(PATH, self._page), Route(f"{PATH}/assets/{{file}}", self._asset)]

    async def _page(self, request: Request) -> Response:
        root_path: str = request.scope.get("root_path", "")
        nonce = self._nonce()
        attributes = {asset.name.replace(".", "_"): asset.url(root_path) for asset in self._assets.values()}
        attributes |= {"title": self._title, "nonce": nonce, "endpoint": root_path + self._graphql_path}
        escaped = {name: html.escape(value) for name, value in attributes.items()}
        content = self._template.substitute(escaped, config=self._config(root_path + self._graphql_path))
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": _CONTENT_SECURITY_POLICY.format(nonce=nonce),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(content, headers=headers)

    def _config(self, endpoint: str) -> str:
        """What page.js reads, as JSON that cannot end the script element it stands in."""
        examples = [asdict(example) for example in self._examples]
        # Other examples are another set of tabs; a new token is not.
        storage = hashlib.sha256(json.dumps(examples).encode()).hexdigest()[:16]
        config = {
            "endpoint": endpoint,
            "title": self._title,
            "examples": examples,
            "players": [asdict(player) for player in self._setup.players],
            "links": dict(self._setup.links),
            "runsFirst": self._setup.runs_first,
            "storage": storage,
        }
        return json.dumps(config).replace("<", "\\u003c")

    async def _asset(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["file"])
        if asset is None:
            raise HTTPException(404)
        is_compressed = accepted_encoding(request.headers.raw) in COMPRESSED
        etag = f'"{asset.digest}{"-gzip" * is_compressed}"'
        current = request.query_params.get("v") == asset.digest
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if etag in request.headers.get("If-None-Match", ""):
            return Response(status_code=304, headers=headers)
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        content = asset.compressed if is_compressed else asset.content
        return Response(content, media_type=asset.media_type, headers=headers)
