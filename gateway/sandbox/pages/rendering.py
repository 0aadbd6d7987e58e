"""Renders the sandbox's own pages: plain HTML without scripts, with a policy that allows nothing else."""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

STYLE_PATH = "/_sandbox/style.css"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    # A payment token is in the page's address: keep it out of caches and of other sites' logs.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def html_page(title: str, body: str, status: int = 200) -> Response:
    """Render a page; `title` is text, `body` is HTML."""
    html = _template("layout.html").substitute(title=escape(title), style=STYLE_PATH, body=body)
    return HTMLResponse(html, status_code=status, headers=_HEADERS)


def fill_template(template: str, texts: Mapping[str, str], **fragments: str) -> str:
    """Fill one of the package's HTML templates with texts, which are escaped, and with fragments that are HTML."""
    return _template(template).substitute({name: escape(text) for name, text in texts.items()}, **fragments)


def style_route() -> Route:
    """Serve the pages' one stylesheet."""
    return Route(STYLE_PATH, _serve_style, methods=["GET"])


async def _serve_style(_: Request) -> Response:
    return Response(_read("style.css"), media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


def _template(name: str) -> Template:
    return Template(_read(name))


def _read(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text("utf-8")
