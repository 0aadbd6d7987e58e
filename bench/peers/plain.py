"""The plain stack: strawberry, httpx, Starlette and uvicorn, as a team writes it in an afternoon."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from bench.peers.plain_daily import DailyChain, read_daily_chains
from bench.peers.plain_player import Info, Player
from bench.peers.plain_types import (
    Badge,
    NextAction,
    OfferStep,
    Plan,
    PointBalance,
    RewardStep,
    StepState,
    to_id,
    to_offer_step,
    to_plan,
    to_reward_step,
)


@strawberry.type
class OfferChain:
    id: strawberry.ID
    name: str
    description: str | None
    position: int
    steps: list[OfferStep]
    next_step: OfferStep | None
    is_completed: bool
    claimed_count: int
    plan: strawberry.Private[Plan]

    @strawberry.field
    def progress_percent(self) -> int:
        return 100 * self.claimed_count // len(self.steps) if self.steps else 100

    @strawberry.field
    def next_action(self, info: Info) -> NextAction:
        otherwise = NextAction.WAIT
        if self.next_step is not None:
            otherwise = NextAction.CLAIM if self.next_step.is_free else NextAction.BUY
        signed_in = info.context.is_signed_in
        return self.plan.action(is_completed=self.is_completed, is_signed_in=signed_in, otherwise=otherwise)


@strawberry.type
class RewardChain:
    id: strawberry.ID
    name: str
    description: str | None
    long_description: str | None
    image_url: str | None
    position: int
    clan_type_raw: str | None
    is_clan: bool
    plan: strawberry.Private[Plan]
    raw: strawberry.Private[dict[str, Any]]

    @strawberry.field
    async def balance(self, info: Info) -> PointBalance | None:
        raw = await info.context.get(f"/user/reward_chain/{self.raw['reward_chain_id']}/balance")
        return PointBalance(sku=raw["sku"], name=raw["name"], image_url=raw["image_url"], amount=raw["amount"])

    @strawberry.field
    async def steps(self, info: Info) -> list[RewardStep]:
        return await read_steps(self, info.context)

    @strawberry.field
    async def next_step(self, info: Info) -> RewardStep | None:
        steps = await read_steps(self, info.context)
        claimable = [step for step in steps if step.state is StepState.AVAILABLE]
        locked = [step for step in steps if step.state is StepState.LOCKED]
        return next(iter(claimable + locked), None)

    @strawberry.field
    async def next_action(self, info: Info) -> NextAction:
        steps = await read_steps(self, info.context)
        is_claimable = any(step.state is StepState.AVAILABLE for step in steps)
        return self.plan.action(
            is_completed=all(step.state is StepState.CLAIMED for step in steps),
            is_signed_in=info.context.is_signed_in,
            otherwise=NextAction.CLAIM if is_claimable else NextAction.EARN_POINTS,
        )

    @strawberry.field
    async def is_completed(self, info: Info) -> bool:
        return all(step.state is StepState.CLAIMED for step in await read_steps(self, info.context))

    @strawberry.field
    async def claimable_count(self, info: Info) -> int:
        return sum(step.state is StepState.AVAILABLE for step in await read_steps(self, info.context))

    @strawberry.field
    async def claimed_count(self, info: Info) -> int:
        return sum(step.state is StepState.CLAIMED for step in await read_steps(self, info.context))

    @strawberry.field
    async def progress_percent(self, info: Info) -> int:
        steps = await read_steps(self, info.context)
        return 100 * sum(step.state is StepState.CLAIMED for step in steps) // len(steps) if steps else 100


@strawberry.type
class Viewer:
    @strawberry.field
    def is_signed_in(self, info: Info) -> bool:
        return info.context.is_signed_in

    @strawberry.field
    async def offer_chains(self, info: Info) -> list[OfferChain] | None:
        return await read_offer_chains(info.context)

    @strawberry.field
    async def reward_chains(self, info: Info) -> list[RewardChain] | None:
        return await read_reward_chains(info.context)

    @strawberry.field
    async def daily_chains(self, info: Info) -> list[DailyChain] | None:
        return await read_daily_chains(info.context)

    @strawberry.field
    async def badge(self, info: Info) -> Badge | None:
        player = info.context
        offers, rewards, dailies = await asyncio.gather(
            read_offer_chains(player), read_reward_chains(player), read_daily_chains(player)
        )
        steps = await asyncio.gather(*(read_steps(chain, player) for chain in rewards))
        open_plans = [chain.plan for chain in offers if chain.plan.is_running and not chain.is_completed]
        open_plans += [chain.plan for chain in dailies if chain.plan.is_running and not chain.is_completed]
        claimable = 0
        for chain, own in zip(rewards, steps, strict=True):
            if not chain.plan.is_running:
                continue
            claimable += sum(step.state is StepState.AVAILABLE for step in own)
            if any(step.state is not StepState.CLAIMED for step in own):
                open_plans.append(chain.plan)
        free = [chain for chain in offers if chain.plan.is_running and chain.next_step and chain.next_step.is_free]
        return Badge(
            claimable_offer_steps=len(free) if player.is_signed_in else 0,
            claimable_reward_steps=claimable if player.is_signed_in else 0,
            claimable_daily_steps=sum(chain.claimable_count for chain in dailies),
            ending_soon_count=sum(plan.is_ending_soon for plan in open_plans),
        )


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self) -> Viewer:
        return Viewer()


async def read_offer_chains(player: Player) -> list[OfferChain]:
    page = await player.get("/user/offer_chain")
    return sorted((to_offer_chain(raw, player.now) for raw in page["items"]), key=lambda chain: chain.position)


async def read_reward_chains(player: Player) -> list[RewardChain]:
    page = await player.get("/user/reward_chain")
    return sorted((to_reward_chain(raw, player.now) for raw in page["items"]), key=lambda chain: chain.position)


async def read_steps(chain: RewardChain, player: Player) -> list[RewardStep]:
    balance = await player.get(f"/user/reward_chain/{chain.raw['reward_chain_id']}/balance")
    numbered = enumerate(chain.raw["steps"], start=1)
    return [to_reward_step(chain.raw, number, step, balance["amount"]) for number, step in numbered]


def to_offer_chain(raw: dict[str, Any], now: datetime) -> OfferChain:
    steps = [to_offer_step(raw, step) for step in raw["steps"]]
    return OfferChain(
        id=to_id("oc", raw["id"]),
        name=raw["name"],
        description=raw.get("description"),
        position=raw["order"],
        steps=steps,
        next_step=next((step for step in steps if step.state is StepState.AVAILABLE), None),
        is_completed=raw["next_step_number"] is None,
        claimed_count=sum(step.state is StepState.CLAIMED for step in steps),
        plan=to_plan(raw, now),
    )


def to_reward_chain(raw: dict[str, Any], now: datetime) -> RewardChain:
    return RewardChain(
        id=to_id("rc", raw["reward_chain_id"]),
        name=raw["name"],
        description=raw.get("description"),
        long_description=raw.get("long_description"),
        image_url=raw.get("image_url"),
        position=raw["order"],
        clan_type_raw=raw.get("clan_type"),
        is_clan=raw.get("clan_type") is not None,
        plan=to_plan(raw, now),
        raw=raw,
    )


class Schema(strawberry.Schema):
    def _extend_introspection(self) -> None:
        """Leave `__Type` alone: all schemas of a process share it, and tests ask the gateway's as well."""


class Endpoint(GraphQL[Player, None]):
    """strawberry's own ASGI application with a player as context."""

    client: httpx.AsyncClient

    async def get_context(
        self,
        request: Request | WebSocket,
        response: Response | WebSocket,  # noqa: ARG002 - strawberry's signature
    ) -> Player:
        return Player(self.client, request.headers.get("authorization"))


def create_app(client: httpx.AsyncClient) -> Starlette:
    """The server over a client for the upstream, which is closed with it."""
    endpoint = Endpoint(Schema(Query), graphql_ide=None)
    endpoint.client = client

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with client:
            yield

    app = Starlette(lifespan=lifespan)
    app.mount("/graphql", endpoint)
    return app


def from_environment() -> Starlette:
    """The server as `uvicorn --factory` starts it."""
    authority = os.environ.get("UPSTREAM_CA")
    client = httpx.AsyncClient(
        base_url=os.environ["UPSTREAM"] + os.environ["UPSTREAM_PATH"],
        timeout=5,
        limits=httpx.Limits(max_connections=512, max_keepalive_connections=512),
        verify=ssl.create_default_context(cafile=authority) if authority else True,
    )
    return create_app(client)
