"""Loads what the overview page shows: projects with their chains and players, and the latest orders and webhooks."""

from collections.abc import Mapping, Sequence

import msgspec

from gateway.sandbox.domain.daily_rounds import StepStatus
from gateway.sandbox.storage.chains import Chain, ChainKind, Step, active_chains, item_ids, published_chains, with_steps
from gateway.sandbox.storage.clock import ClockReading, read_clock
from gateway.sandbox.storage.daily_rounds import daily_rounds
from gateway.sandbox.storage.database import Transaction
from gateway.sandbox.storage.items import Item, Items, load_items
from gateway.sandbox.storage.orders import Order, get_order
from gateway.sandbox.storage.players import Player, Viewer, get_player
from gateway.sandbox.storage.points import ValuePoint, point_balances, value_points
from gateway.sandbox.storage.projects import Project, all_projects
from gateway.sandbox.storage.step_claims import claimed_steps
from gateway.sandbox.storage.webhook_outbox import LoggedWebhook, latest_webhooks
from gateway.sandbox.storage.webhook_settings import WebhookSettings, find_webhook_settings

MOST_CHAINS = 20
MOST_PLAYERS = 12
MOST_ORDERS = 10
MOST_WEBHOOKS = 5

_LATEST_ORDERS = "SELECT order_id FROM orders ORDER BY order_id DESC LIMIT :count"
# Players who ordered or claimed last come first, those who never did come last.
_LATEST_PLAYERS = """
    SELECT player_number FROM players
    WHERE project_id = :project_id
    ORDER BY (SELECT coalesce(max(order_id), 0) FROM orders WHERE orders.player_number = players.player_number) DESC,
        player_number
    LIMIT :count
"""


class ChainProgress(msgspec.Struct, frozen=True):
    """A player's progress in a chain: the ids of claimed steps, and the player's or their clan's points."""

    claimed: frozenset[int]
    points: int


class PlayerProgress(msgspec.Struct, frozen=True):
    """A player with their progress in each chain that they see now, by chain id."""

    player: Player
    chains: Mapping[int, ChainProgress]


class ProjectOverview(msgspec.Struct, frozen=True):
    """A project; lists are cut to what fits on a page, the counts are complete."""

    project: Project
    webhooks: WebhookSettings | None
    chains: tuple[Chain, ...]
    chain_count: int
    points: Mapping[int, ValuePoint]
    items: Items
    players: tuple[PlayerProgress, ...]
    player_count: int

    def item(self, step: Step) -> Item:
        """Return the first item of a step, whose picture is shown."""
        return self.items[step.items[0].item_id]


class PlacedOrder(msgspec.Struct, frozen=True):
    """An order and its player."""

    order: Order
    player: Player


class Overview(msgspec.Struct, frozen=True):
    """Everything that the overview page shows of the database."""

    clock: ClockReading
    projects: tuple[ProjectOverview, ...]
    orders: tuple[PlacedOrder, ...]
    webhooks: tuple[LoggedWebhook, ...]


def load_overview(tx: Transaction) -> Overview:
    """Load the overview."""
    return Overview(
        clock=read_clock(tx),
        projects=tuple(_project(tx, project) for project in all_projects(tx)),
        orders=tuple(_placed(tx, row["order_id"]) for row in tx.all(_LATEST_ORDERS, count=MOST_ORDERS)),
        webhooks=latest_webhooks(tx, MOST_WEBHOOKS),
    )


def _project(tx: Transaction, project: Project) -> ProjectOverview:
    published = [
        chain for kind in ChainKind for chain in published_chains(tx, project.project_id, kind, is_enabled=None)
    ]
    chains = with_steps(tx, published[:MOST_CHAINS])
    players = tx.all(_LATEST_PLAYERS, project_id=project.project_id, count=MOST_PLAYERS)
    (counted,) = tx.all(
        "SELECT count(*) AS total FROM players WHERE project_id = :project_id", project_id=project.project_id
    )
    return ProjectOverview(
        project=project,
        webhooks=find_webhook_settings(tx, project.project_id),
        chains=tuple(chains),
        chain_count=len(published),
        points=value_points(tx, chains),
        items=load_items(tx, item_ids(chains)),
        players=tuple(_progress(tx, get_player(tx, row["player_number"]), chains) for row in players),
        player_count=counted["total"],
    )


def _progress(tx: Transaction, player: Player, chains: Sequence[Chain]) -> PlayerProgress:
    viewer = Viewer(player.project_id, player)
    seen = {chain.chain_id for kind in ChainKind for chain in active_chains(tx, viewer, kind)}
    shown = [chain for chain in chains if chain.chain_id in seen]
    others = [chain for chain in shown if chain.kind is not ChainKind.DAILY]
    claimed = claimed_steps(tx, player, others) | _claimed_days(tx, player, shown)
    points = point_balances(tx, player, shown)
    return PlayerProgress(
        player,
        {
            chain.chain_id: ChainProgress(
                frozenset(step.step_id for step in chain.steps if step.step_id in claimed),
                points[chain.chain_id].amount,
            )
            for chain in shown
        },
    )


def _claimed_days(tx: Transaction, player: Player, chains: Sequence[Chain]) -> frozenset[int]:
    rounds = daily_rounds(tx, player, [chain for chain in chains if chain.kind is ChainKind.DAILY])
    steps = (one for current in rounds.values() for one in current.steps.items())
    return frozenset(step_id for step_id, step in steps if step.status is StepStatus.CLAIMED)


def _placed(tx: Transaction, order_id: int) -> PlacedOrder:
    order = get_order(tx, order_id)
    return PlacedOrder(order, get_player(tx, order.player_number))
