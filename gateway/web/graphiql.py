"""The GraphiQL page: an editor in the browser, served from this package under a strict content security policy."""

import hashlib
import html
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import msgspec
from graphql import GraphQLSyntaxError, OperationDefinitionNode, parse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.http.content_coding import compress
from gateway.web.content_encoding import COMPRESSED, accepted_encoding

_STATIC = Path(__file__).parent / "static" / "graphiql"
_PAGE = "/graphiql"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_ASSETS = ("page.js", "page.css", "favicon.svg", "vendor/graphiql.js", "vendor/graphiql.css", "vendor/LICENSES.txt")

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

    `variables` is the text of a JSON object, or empty.
    """

    name: str
    query: str
    variables: str = ""


def load_examples(folder: Path) -> list[Example]:
    """The operations in `*.graphql`, in the order of the file names, each with its `*.variables.json` if there is one.

    Raises ValueError, naming the file, for a text without a named operation and for variables that are no JSON object.
    """
    return [_load_example(path) for path in sorted(folder.glob("*.graphql"))]


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
    text = path.read_text(encoding="utf-8")
    try:
        msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return text


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
        return f"{root_path}{_PAGE}/assets/{self.name}?v={self.digest}"


class GraphiQL:
    """Serves the page at `/graphiql` and its files below `/graphiql/assets`; requests nothing from any other host.

    The header editor starts with `default_headers`; without them it shows how a player signs in, and the page leaves
    that hint out of its requests. `nonce` makes one unguessable value for each answer.
    """

    def __init__(
        self,
        *,
        graphql_path: str = "/graphql",
        examples: Sequence[Example],
        default_headers: Mapping[str, str] | None = None,
        title: str = "LiveOps Gateway",
        nonce: Callable[[], str] = secrets.token_urlsafe,
    ) -> None:
        self._graphql_path = graphql_path
        self._examples = tuple(examples)
        self._headers = None if default_headers is None else json.dumps(dict(default_headers), indent=2)
        self._title = title
        self._nonce = nonce
        self._template = Template((_STATIC / "page.html").read_text(encoding="utf-8"))
        self._assets = {asset.name: asset for asset in (_Asset.read(_STATIC / path) for path in _ASSETS)}

    def routes(self) -> list[BaseRoute]:
        """The page and its assets, for the application's table of routes."""
        return [Route(_PAGE, self._page), Route(f"{_PAGE}/assets/{{file}}", self._asset)]

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
        examples = [{"query": example.query, "variables": example.variables} for example in self._examples]
        # Other examples are another set of tabs; a new token is not.
        storage = hashlib.sha256(json.dumps(examples).encode()).hexdigest()[:16]
        config = {
            "endpoint": endpoint,
            "title": self._title,
            "examples": examples,
            "headers": self._headers,
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
