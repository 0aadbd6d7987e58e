"""The overview page at `/`, rendered from what the sandbox holds."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.sandbox.controls.webhooks import webhook_response
from gateway.sandbox.domain.daily_rounds import DailyType
from gateway.sandbox.domain.languages import Texts, choose_text
from gateway.sandbox.domain.rules import is_step_free
from gateway.sandbox.faults.active_faults import ActiveFaults
from gateway.sandbox.faults.fault import Fault
from gateway.sandbox.http.images import image_path
from gateway.sandbox.pages.overview import (
    ChainProgress,
    Overview,
    PlacedOrder,
    PlayerProgress,
    ProjectOverview,
    load_overview,
)
from gateway.sandbox.pages.rendering import fill_template, html_page
from gateway.sandbox.pages.webhook_log import short_date, webhook_rows
from gateway.sandbox.storage.chains import Chain, ChainKind, Step
from gateway.sandbox.storage.clock import ClockReading, iso_date
from gateway.sandbox.storage.database import Database
from gateway.sandbox.storage.webhook_settings import WebhookSettings, redacted_url

_SHOWN_OF_KEY = 4


class OverviewPage:
    """Shows the sandbox's state; never a secret or token, and only the beginning of an API key."""

    def __init__(self, database: Database, active_faults: ActiveFaults) -> None:
        """Take the database and the active faults, which the page shows."""
        self._database = database
        self._active_faults = active_faults

    def route(self) -> Route:
        """List the routes."""
        return Route("/", self.show, methods=["GET"])

    async def show(self, _: Request) -> Response:
        """Show the page."""
        with self._database.read() as tx:
            overview = load_overview(tx)
        return html_page("LiveOps sandbox", _index(overview, self._active_faults.all()))


def _index(overview: Overview, faults: tuple[Fault, ...]) -> str:
    texts = {
        "now": overview.clock.date,
        "date": short_date(overview.clock.date),
        "offset": _offset(overview.clock),
    }
    return fill_template(
        "index.html",
        texts,
        projects="".join(map(_project, overview.projects)) or fill_template("note.html", {"text": "No project yet."}),
        orders="".join(map(_order, overview.orders)) or fill_template("empty.html", {"text": "None yet."}),
        webhooks=webhook_rows([webhook_response(one) for one in overview.webhooks]),
        faults="".join(map(_fault, faults)) or fill_template("empty.html", {"text": "None: all calls work normally."}),
    )


def _offset(clock: ClockReading) -> str:
    if not clock.offset_seconds:
        return "same as the machine's clock"
    return f"moved {clock.offset_seconds:,.0f} seconds ahead of the machine's clock"


def _project(overview: ProjectOverview) -> str:
    project = overview.project
    texts = {
        "name": project.name,
        "project_id": str(project.project_id),
        "api_key": f"{project.api_key[:_SHOWN_OF_KEY]}…",
        "webhooks": _webhooks_of(overview.webhooks),
    }
    chains = "".join(_chain(overview, chain) for chain in overview.chains)
    players = "".join(_player(overview, one) for one in overview.players)
    return fill_template(
        "project.html",
        texts,
        chains=chains + _cut(len(overview.chains), overview.chain_count),
        players=players + _cut(len(overview.players), overview.player_count),
    )


def _webhooks_of(settings: WebhookSettings | None) -> str:
    if settings is None or not settings.is_enabled:
        return "webhooks off"
    return f"webhooks (version {settings.version}) to {redacted_url(settings.url)}"


def _cut(shown: int, total: int) -> str:
    if shown == total:
        return "" if total else fill_template("note.html", {"text": "None yet."})
    return fill_template("note.html", {"text": f"and {total - shown} more"})


def _chain(overview: ProjectOverview, chain: Chain) -> str:
    is_off = not chain.is_enabled
    texts = {
        "name": _text(chain.name),
        "facts": " · ".join(_facts(overview, chain)),
        "state": "off" if is_off else "on",
    }
    return fill_template("chain.html", texts, steps="".join(_step(overview, chain, step) for step in chain.steps))


def _facts(overview: ProjectOverview, chain: Chain) -> list[str]:
    facts = [f"{chain.kind} chain {chain.chain_id}"]
    if chain.kind is ChainKind.REWARD:
        facts.append(f"counts {_text(overview.points[chain.chain_id].name)}")
    if chain.daily_type:
        facts.append("days in a row" if chain.daily_type == DailyType.ROLLING else "day by day")
        facts.extend(["begins anew"] if chain.is_recurrent else [])
    if chain.clan_type:
        facts.append(f"for each {chain.clan_type}")
    if not chain.is_enabled:
        facts.append("switched off")
    if chain.schedule:
        facts.append(f"renews {chain.schedule.interval_type}")
    if chain.conditions:
        facts.append("for some players only")
    facts.append(f"from {short_date(iso_date(chain.starts_at))}")
    if chain.ends_at is not None:
        facts.append(f"until {short_date(iso_date(chain.ends_at))}")
    return facts


def _step(overview: ProjectOverview, chain: Chain, step: Step) -> str:
    item = overview.item(step)
    kind, cost = _cost(overview, chain, step)
    names = [_quantity(part.quantity, _text(overview.items[part.item_id].name)) for part in step.items]
    texts = {"kind": kind, "cost": cost, "image": image_path(item.sku), "item": ", ".join(names)}
    return fill_template("step.html", texts)


def _cost(overview: ProjectOverview, chain: Chain, step: Step) -> tuple[str, str]:
    if chain.kind is ChainKind.REWARD:
        return "points", f"{step.points_needed} points"
    if chain.kind is ChainKind.DAILY:
        return "free", f"Day {step.step_number}"
    item = overview.item(step)
    if is_step_free(step.is_free, item.is_free):
        return "free", "Free"
    return "paid", f"{item.price.amount} {item.price.currency}" if item.price else "no price"


def _player(overview: ProjectOverview, progress: PlayerProgress) -> str:
    player = progress.player
    facts = [player.player_id, *([f"clan {player.clan}"] if player.clan else [])]
    rows = "".join(
        _progress(overview, chain, progress.chains[chain.chain_id])
        for chain in overview.chains
        if chain.chain_id in progress.chains
    )
    return fill_template("player.html", {"name": player.name, "facts": " · ".join(facts)}, progress=rows)


def _progress(overview: ProjectOverview, chain: Chain, chain_progress: ChainProgress) -> str:
    is_reward = chain.kind is ChainKind.REWARD
    texts = {
        "chain": _text(chain.name),
        "summary": f"{len(chain_progress.claimed)} of {len(chain.steps)} steps claimed",
        "points": f"{chain_progress.points} {_text(overview.points[chain.chain_id].name)}" if is_reward else "",
    }
    dots = "".join(
        fill_template("claimed.html" if step.step_id in chain_progress.claimed else "open.html", {})
        for step in chain.steps
    )
    return fill_template("progress.html", texts, dots=dots)


def _order(placed: PlacedOrder) -> str:
    order = placed.order
    line = order.lines[0]
    texts = {
        "order_id": str(order.order_id),
        "status": order.status,
        "item": _quantity(line.quantity, _text(line.name) or line.sku),
        "price": f"{order.price.amount} {order.price.currency}" if order.price else "free",
        "player": placed.player.name,
        "date": short_date(iso_date(order.created_at)),
    }
    return fill_template("order.html", texts)


def _fault(fault: Fault) -> str:
    return fill_template("fault.html", {"fault": msgspec.json.encode(fault).decode()})


def _quantity(quantity: int, name: str) -> str:
    return name if quantity == 1 else f"{quantity}\u00a0\u00d7 {name}"


def _text(texts: Texts | None) -> str:
    return choose_text(texts, ()) or ""
