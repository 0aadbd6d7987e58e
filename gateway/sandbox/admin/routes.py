"""The routes of all Admin calls, behind their authentication, by version of the upstream's API."""

from starlette.routing import Mount

from gateway.sandbox.admin.authentication import BasicAuthentication
from gateway.sandbox.admin.bundles import BundleCalls
from gateway.sandbox.admin.daily_chains import DailyChainCalls
from gateway.sandbox.admin.offer_chains import OfferChainCalls
from gateway.sandbox.admin.point_rewards import PointRewardCalls
from gateway.sandbox.admin.reward_chains import RewardChainCalls
from gateway.sandbox.admin.value_points import ValuePointCalls
from gateway.sandbox.admin.virtual_items import virtual_item_routes
from gateway.sandbox.admin.webhook_settings import WebhookCalls
from gateway.sandbox.storage.database import Database

PATH = "/admin"


def admin_routes_v2(database: Database) -> Mount:
    """List all Admin routes, relative to the project's path."""
    routes = [
        *OfferChainCalls(database).routes(),
        *ValuePointCalls(database).routes(),
        *PointRewardCalls(database).routes(),
        *RewardChainCalls(database).routes(),
        *DailyChainCalls(database).routes(),
        *virtual_item_routes(database),
        *BundleCalls(database).routes(),
        *WebhookCalls(database).routes(),
    ]
    return Mount(PATH, BasicAuthentication(routes, database))


def admin_routes_v3(database: Database) -> Mount:
    """List the routes that v3 has, which are only those of reward chains, relative to the project's path."""
    return Mount(PATH, BasicAuthentication(RewardChainCalls(database).routes("-v3"), database))
