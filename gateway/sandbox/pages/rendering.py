"""Renders the sandbox's pages: HTML without scripts from Jinja2's templates, with a policy that allows nothing else."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from gateway.sandbox.controls.paths import PREFIX
from gateway.sandbox.domain.languages import Texts, choose_text
from gateway.sandbox.domain.rules import Price
from gateway.sandbox.errors import ApiError, RefusedError
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.http.images import image_path
from gateway.sandbox.pages.clock_facts import ClockFacts, load_clock
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_settings import redacted_url

STYLE_PATH = PREFIX + "/style.css"
PAGES = PREFIX + "/pages"

NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "moved": "The clock was moved.",
        "pay": "The order was paid.",
        "cancel": "The order was cancelled.",
        "refund": "The order was refunded.",
        "decline": "The card was declined. Nothing was charged: the order can still be paid.",
        "fault": "The fault is on.",
        "healed": "The fault is off.",
        "all healed": "All faults are off: all calls work normally.",
        "progress": "The player's progress was set.",
        "reset": "Everything is as at the first start. Only the clock and the addresses for webhooks have stayed.",
    }
)
"""What a page says after a redirect, by the code in its address: never a text of the address itself."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Frame(msgspec.Struct, frozen=True):
    """What every page of the sandbox shows around its own content."""

    path: str
    here: str
    notice: str | None
    clock: ClockFacts
    fault_count: int
    links: Mapping[str, str]


class PageRenderer:
    """Fills templates; a value that a template names and that is missing is an error."""

    def __init__(self, database: Database, active_faults: ActiveFaults, links: Mapping[str, str]) -> None:
        """Take the database with the clock, the active faults, and the pages of others to lead to, by their names."""
        self._database = database
        self._active_faults = active_faults
        self._links = links
        self._templates = Environment(
            loader=PackageLoader("gateway.sandbox.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {
            "date": _date,
            "image": image_path,
            "money": _money,
            "redacted": redacted_url,
            "text": _text,
            "units": _units,
        }
        self._templates.globals |= {"style": STYLE_PATH, "pages": PAGES}

    def page(self, request: Request, template: str, *, status: int = 200, **values: object) -> Response:
        """Render a page with the clock and the way to all others around it."""
        with self._database.read() as tx:
            clock = load_clock(tx)
        url = request.url
        frame = Frame(
            path=url.path,
            # Only a page can be led back to.
            here=str(url.replace(scheme="", netloc="")) if request.method == "GET" else "/",
            notice=NOTICES.get(request.query_params.get("notice", "")),
            clock=clock,
            fault_count=len(self._active_faults.all()),
            links=self._links,
        )
        # The origin is told to the sandbox itself: that is how it knows its own forms.
        return self._html(template, {**values, "frame": frame}, status, "same-origin")

    def message(self, request: Request, headline: str, text: str, status: int) -> Response:
        """Render a page that says what did not work."""
        return self.page(request, "message.html", status=status, headline=headline, text=text)

    def refusal(self, request: Request, error: ApiError) -> Response:
        """Render why something was refused, without the upstream's fixed words before it."""
        text = str(error).removeprefix(f"{RefusedError.text}. ")
        return self.message(request, "That was refused", text, error.status)

    def card(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Render a page of its own, for players. A payment token is in its address: other sites must not learn it."""
        return self._html(template, values, status, "no-referrer")

    def _html(self, template: str, values: Mapping[str, object], status: int, referrer: str) -> Response:
        html = self._templates.get_template(template).render(values)
        return HTMLResponse(html, status_code=status, headers={**_HEADERS, "Referrer-Policy": referrer})


def style_route() -> Route:
    """Serve the pages' one stylesheet."""
    return Route(STYLE_PATH, _serve_style, methods=["GET"])


async def _serve_style(_: Request) -> Response:
    style = files(__package__).joinpath("templates", "style.css").read_text("utf-8")
    return Response(style, media_type="text/css", headers={"Cache-Control": "no-cache"})


def _date(instant: float) -> str:
    """Write an instant for a table: in UTC as all of them are, to the second."""
    return iso_date(instant).removesuffix("+00:00").replace("T", " ")


def _money(price: Price | None) -> str:
    return f"{price.amount} {price.currency}" if price else "free"


def _text(texts: Texts | None) -> str:
    return choose_text(texts, ()) or ""


def _units(name: str, quantity: int) -> str:
    return name if quantity == 1 else f"{quantity}\u00a0\u00d7 {name}"
