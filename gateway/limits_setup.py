"""The limits of players and addresses, as the settings say."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from gateway.admission.open_limit import OpenLimit
from gateway.admission.rate_limits import Limit, RateLimits, Rates
from gateway.settings import Settings
from gateway.telemetry.metrics import Metrics

_STREAMS, _SUBSCRIPTIONS, _ORDERS = "player_streams", "player_subscriptions", "player_orders"
_REQUESTS = "player_requests"


class PlayerLimits(NamedTuple):
    """What one player may do a second, and may have open."""

    rates: RateLimits
    streams: OpenLimit
    subscriptions: OpenLimit
    watched_orders: OpenLimit
    followed_orders: OpenLimit
    count_request: Callable[[], None]


def create_limits(settings: Settings, metrics: Metrics, monotonic: Callable[[], float]) -> PlayerLimits:
    """All limits, and the metric of what they refuse."""
    names = (*(one.value for one in Limit), _STREAMS, _SUBSCRIPTIONS, _ORDERS, _REQUESTS)
    refused = metrics.tally("gateway_limited", "What limits of players and addresses refused.", limit=names).count
    rates = Rates(
        settings.player_calls_per_second,
        settings.player_mutations_per_second,
        settings.address_calls_per_second,
        settings.address_mutations_per_second,
        settings.new_token_calls_per_second,
    )
    return PlayerLimits(
        RateLimits(rates, monotonic, refused),
        OpenLimit("sockets and event streams", settings.player_streams, partial(refused, _STREAMS)),
        OpenLimit("subscriptions", settings.player_streams, partial(refused, _SUBSCRIPTIONS)),
        OpenLimit("waits for orders", settings.player_orders, partial(refused, _ORDERS)),
        OpenLimit("orders under way", settings.player_orders, partial(refused, _ORDERS)),
        partial(refused, _REQUESTS),
    )
