"""Loads what the pages show of a project: its chains with their steps, and the settings of its webhooks."""

from collections.abc import Mapping

import msgspec

from gateway.sandbox.domain.daily_rounds import DailyType
from gateway.sandbox.domain.languages import choose_text
from gateway.sandbox.domain.rules import is_step_free
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, item_ids, published_chains, with_steps
from gateway.sandbox.storage.clock import iso_date
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Items, load_items
from gateway.sandbox.storage.players import count_players
from gateway.sandbox.storage.points import ValuePoint, value_points
from gateway.sandbox.storage.projects import Project
from gateway.sandbox.storage.webhook_settings import WebhookSettings, find_webhook_settings

MOST_CHAINS = 20


class StepFacts(msgspec.Struct, frozen=True):
    """A step: what it holds, the SKU of its picture, and what it costs; `kind` is free, paid or points."""

    number: int
    what: str
    sku: str
    kind: str
    cost: str


class ProjectOverview(msgspec.Struct, frozen=True):
    """A project; the list of chains is cut to what fits on a page, the counts are complete."""

    project: Project
    webhooks: WebhookSettings | None
    chains: tuple[Chain, ...]
    chain_count: int
    player_count: int
    points: Mapping[int, ValuePoint]
    items: Items

    def step(self, chain: Chain, step: Step) -> StepFacts:
        """Describe a step."""
        item = self.items[step.items[0].item_id]
        names = [_units(choose_text(self.items[part.item_id].name, ()), part.quantity) for part in step.items]
        kind, cost = self._cost(chain, step)
        return StepFacts(step.step_number, ", ".join(names), item.sku, kind, cost)

    def _cost(self, chain: Chain, step: Step) -> tuple[str, str]:
        if chain.kind is ChainKind.REWARD:
            return "points", f"{step.points_needed} points"
        if chain.kind is ChainKind.DAILY:
            return "free", f"Day {step.step_number}"
        item = self.items[step.items[0].item_id]
        if is_step_free(step.is_free, item.is_free):
            return "free", "Free"
        return "paid", f"{item.price.amount} {item.price.currency}" if item.price else "no price"

    def facts(self, chain: Chain) -> list[str]:
        """List what is particular about a chain."""
        facts = [f"{chain.kind} chain {chain.chain_id}"]
        if chain.kind is ChainKind.REWARD:
            facts.append(f"counts {choose_text(self.points[chain.chain_id].name, ())}")
        if chain.daily_type:
            facts.append("days in a row" if chain.daily_type == DailyType.ROLLING else "day by day")
            facts.extend(["repeats"] if chain.is_recurrent else [])
        if chain.clan_type:
            facts.append(f"for each {chain.clan_type}")
        if not chain.is_enabled:
            facts.append("switched off")
        if chain.schedule:
            facts.append(f"renews {chain.schedule.interval_type}")
        if chain.conditions:
            facts.append("for some players only")
        facts.append(f"from {_date(chain.starts_at)}")
        if chain.ends_at is not None:
            facts.append(f"until {_date(chain.ends_at)}")
        return facts


def load_project(tx: Transaction, project: Project) -> ProjectOverview:
    """Load a project's overview."""
    published = [
        chain for kind in ChainKind for chain in published_chains(tx, project.project_id, kind, is_enabled=None)
    ]
    chains = with_steps(tx, published[:MOST_CHAINS])
    return ProjectOverview(
        project=project,
        webhooks=find_webhook_settings(tx, project.project_id),
        chains=tuple(chains),
        chain_count=len(published),
        player_count=count_players(tx, project.project_id, ""),
        points=value_points(tx, chains),
        items=load_items(tx, item_ids(chains)),
    )


def _units(name: str | None, quantity: int) -> str:
    return name or "" if quantity == 1 else f"{quantity}\u00a0\u00d7 {name}"


def _date(instant: float) -> str:
    return iso_date(instant).removesuffix("+00:00").replace("T", " ")
