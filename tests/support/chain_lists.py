"""Queries of two and of all lists of chains, what it costs upstream, and how its errors are read."""

from typing import Any

LISTS = {"GET /user/offer_chain": 1, "GET /user/reward_chain": 1}

ALL_LISTS = {**LISTS, "GET /user/daily_chain": 1}

NAMES = "{ viewer { offerChains { name } rewardChains { name } } }"


def error(body: dict[str, Any], number: int = 0) -> tuple[str, list[str | int] | None]:
    found = body["errors"][number]
    return found["extensions"]["code"], found.get("path")
