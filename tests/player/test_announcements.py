"""Which credentials count as confirmed, and which devices are told what a player does."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from gateway.cache.keys import Owner
from gateway.cache.user_cache import UserCache
from gateway.concurrency.single_flight import SingleFlight
from gateway.errors import GatewayError, OutcomeUnknown, TokenExpired, Unauthenticated
from gateway.events.bus import LocalBus
from gateway.events.changes import Change, ChangeReason
from gateway.events.player_directory import PlayerDirectory
from gateway.identity.caller import Caller, Identity
from gateway.identity.token_verifier import SharedSecretVerifier
from gateway.player import Player
from gateway.player.services import Services
from gateway.sandbox import mint_token
from gateway.upstream.client import Client
from tests.support.clock import Clock
from tests.support.make import reward_chain
from tests.support.received_changes import received
from tests.support.scripted_upstream import Answer, ScriptedTransport
from tests.support.upstream_json import OFFER, REWARD

SECRET = "a-secret-of-thirty-two-bytes-or-more"
PHONE, TABLET = Owner("phone"), Owner("tablet")
ORDER = {"order_id": 7, "status": "new"}
CLAN_CHAIN = reward_chain((1,), clan_type="clan")


class World:
    """One upstream, and players who come with credentials."""

    def __init__(self, answer: Answer) -> None:
        self.transport = ScriptedTransport(answer)
        client = Client(self.transport, base_url="https://up.example", project_id=1)
        self.bus = LocalBus()
        self.services = Services(client, UserCache(max_bytes=100_000), SingleFlight(), bus=self.bus)

    def player(self, owner: Owner = PHONE, player_id: str | None = "ann", *, expires_at: float | None = None) -> Player:
        return self.visit(Caller(owner, True, (), expires_at=expires_at, player_id=player_id))

    def visit(self, caller: Caller) -> Player:
        return Player(caller, self.services, deadline=asyncio.get_running_loop().time() + 30)

    def owners(self, player_id: str = "ann") -> tuple[Owner, ...]:
        return self.services.directory.owners(player_id)

    async def received(self, owner: Owner, act: Callable[[], Awaitable[object]]) -> Change | None:
        """What the owner is told while something is done."""
        with self.bus.listen(owner) as listener:
            with suppress(GatewayError):
                await act()
            return await received(listener)


def world(status: int, body: object = None) -> World:
    return World(lambda _: httpx.Response(status, json=body))


def about(reason: ChangeReason, **chain_ids: frozenset[int]) -> Change:
    return Change(frozenset({reason}), **chain_ids)


# Which credentials are linked with their player


ACCEPTED: dict[str, tuple[Callable[[Player], Awaitable[object]], object]] = {
    "balance": (lambda player: player.reads.balance(1), REWARD["value_point"]),
    "order": (lambda player: player.reads.order(7), ORDER),
    "contributors": (lambda player: player.reads.top_contributors(CLAN_CHAIN), []),
    "claim of an offer step": (lambda player: player.writes.claim_offer_step(1, 2), {"order_id": 7}),
    "order of an offer step": (lambda player: player.writes.order_offer_step(1, 2), {"order_id": 7, "token": "t"}),
    "claim of a reward step": (lambda player: player.writes.claim_reward_step(1, 2), None),
    "change of clan": (lambda player: player.writes.update_clan(), {"reward": []}),
}


@pytest.mark.parametrize(("act", "body"), ACCEPTED.values(), ids=ACCEPTED)
async def test_a_credential_is_linked_when_a_call_that_needs_one_succeeds(
    act: Callable[[Player], Awaitable[object]], body: object
) -> None:
    it = world(200, body)
    await act(it.player())
    assert it.owners() == (PHONE,)


@pytest.mark.parametrize("act", [act for act, _ in ACCEPTED.values()], ids=ACCEPTED)
@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500])
async def test_a_credential_is_not_linked_from_a_failure(
    act: Callable[[Player], Awaitable[object]], status: int
) -> None:
    it = world(status)
    # An order that is not found, without the vendor's number for it, proves nothing.
    with suppress(GatewayError):
        await act(it.player())
    assert (it.owners(), len(it.transport.requests)) == ((), 1)


async def test_a_credential_is_not_linked_from_lists_which_may_be_open_to_all() -> None:
    it = World(lambda request: httpx.Response(200, json=OFFER if request.url.path.endswith("/9") else {"items": []}))
    player = it.player()
    await player.reads.offer_chains()
    await player.reads.reward_chains()
    await player.reads.offer_chain(9)
    assert it.owners() == ()


async def test_an_opaque_credential_is_tied_to_its_orders_only() -> None:
    it = world(200, ORDER)
    await it.player(player_id=None).reads.order(7)
    directory = it.services.directory
    assert (directory.player_id(PHONE), directory.owners_of_order(7)) == (None, (PHONE,))


@pytest.mark.parametrize("name", ["order", "claim of an offer step", "order of an offer step"])
async def test_an_owner_who_placed_or_read_an_order_is_linked_with_it(name: str) -> None:
    act, body = ACCEPTED[name]
    it = world(200, body)
    await act(it.player())
    assert it.services.directory.owners_of_order(7) == (PHONE,)


async def test_a_claim_whose_order_was_not_told_is_known_for_none() -> None:
    it = world(200, {})
    await it.player().writes.claim_offer_step(1, 2)
    assert it.services.directory.owners_of_order(7) == ()


async def test_a_rejected_credential_is_forgotten() -> None:
    it = world(200, ORDER)
    await it.player().reads.order(7)
    it.transport.answer = lambda _: httpx.Response(403)
    await it.received(PHONE, lambda: it.player().reads.offer_chains())
    assert it.owners() == (PHONE,)
    it.transport.answer = lambda _: httpx.Response(401)
    with pytest.raises(Unauthenticated):
        await it.player().reads.offer_chains()
    assert (it.owners(), it.services.directory.owners_of_order(7)) == ((), ())


async def test_a_verified_credential_is_linked_before_any_call_and_stays() -> None:
    clock, it = Clock(), world(401)
    identity = Identity(project_id=1, verifier=SharedSecretVerifier(SECRET, clock=clock))
    token = mint_token("ann", secret=SECRET, now=clock())
    caller = await identity.caller([("authorization", f"Bearer {token}")], None)
    player = it.visit(caller)
    assert (caller.player_id, caller.is_verified) == ("ann", True)
    assert it.owners() == (caller.owner,)
    with pytest.raises(Unauthenticated):
        await player.reads.offer_chains()
    assert it.owners() == (caller.owner,)


async def test_what_an_unverified_token_claims_is_told_apart_from_what_was_verified() -> None:
    token = mint_token("ann", secret=SECRET, now=Clock()())
    caller = await Identity(project_id=1).caller([("authorization", f"Bearer {token}")], None)
    assert (caller.player_id, caller.is_verified) == ("ann", False)


# Confirming


async def test_an_unknown_credential_is_confirmed_with_one_call_and_then_known() -> None:
    it = world(404, {"errorCode": 9001})
    await it.player().reads.confirm()
    await it.player().reads.confirm()
    assert [request.url.path for request in it.transport.requests] == ["/v2/project/1/order/1"]
    assert it.owners() == (PHONE,)


async def test_nobody_is_told_of_the_order_that_a_credential_is_confirmed_with() -> None:
    it = world(200, {**ORDER, "order_id": 1, "status": "done"})
    assert await it.received(PHONE, it.player().reads.confirm) is None
    assert it.owners() == (PHONE,)


async def test_a_verified_credential_needs_no_call() -> None:
    it = world(500)
    await it.visit(Caller(PHONE, True, (), player_id="ann", is_verified=True)).reads.confirm()
    assert it.transport.requests == []


async def test_a_bad_credential_is_not_confirmed() -> None:
    with pytest.raises(Unauthenticated):
        await world(401).player().reads.confirm()
    with pytest.raises(TokenExpired):
        await world(401).player(expires_at=1).reads.confirm()
    it = world(200, ORDER)
    with pytest.raises(Unauthenticated):
        await it.visit(Caller(Owner("anonymous"), False, ())).reads.confirm()
    assert it.transport.requests == []


# Who is told


TOLD = {
    "claim of an offer step": about(ChangeReason.CLAIM, offer_chain_ids=frozenset({1})),
    "order of an offer step": about(ChangeReason.ORDER_PLACED, offer_chain_ids=frozenset({1})),
    "claim of a reward step": about(ChangeReason.CLAIM, reward_chain_ids=frozenset({1})),
    "change of clan": about(ChangeReason.CLAN),
}


@pytest.mark.parametrize("listener", [PHONE, TABLET])
@pytest.mark.parametrize("name", TOLD)
async def test_a_write_is_told_to_all_devices_of_the_player_and_to_nobody_else(name: str, listener: Owner) -> None:
    act, body = ACCEPTED[name]
    it = world(200, body)
    it.services.directory.link("ann", TABLET)
    it.services.directory.link("ben", Owner("other"))
    with it.bus.listen(Owner("other")) as other:
        assert await it.received(listener, lambda: act(it.player())) == TOLD[name]
        assert await received(other) is None


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize(("status", "is_told"), [(401, False), (404, False), (422, False), (429, False), (500, True)])
async def test_a_write_that_did_nothing_is_not_told_and_one_that_may_have_is(
    name: str, status: int, is_told: bool
) -> None:
    act, _ = ACCEPTED[name]
    it = world(status)
    assert await it.received(PHONE, lambda: act(it.player())) == (TOLD[name] if is_told else None)


async def test_a_token_that_was_not_accepted_reaches_and_receives_only_itself() -> None:
    it = world(200, {"reward": []})
    forger = Owner("forger")
    assert await it.received(forger, lambda: it.player().writes.update_clan()) is None
    it.transport.answer = lambda _: httpx.Response(500)
    assert await it.received(PHONE, lambda: it.player(forger).writes.update_clan()) is None
    assert await it.received(forger, lambda: it.player(forger).writes.update_clan()) == about(ChangeReason.CLAN)


async def test_a_write_of_one_device_is_seen_by_the_other_at_once() -> None:
    it = world(200, {"items": [], "reward": []})
    it.services.directory.link("ann", TABLET)
    tablet = it.player(TABLET)
    await tablet.reads.offer_chains()
    await tablet.reads.offer_chains()
    await it.player().writes.update_clan()
    await tablet.reads.offer_chains()
    reads = [request for request in it.transport.requests if request.method == "GET"]
    assert len(reads) == 2


async def test_a_write_that_nobody_waits_for_any_more_is_told_when_it_ends() -> None:
    sent, release = asyncio.Event(), asyncio.Event()

    class Held(ScriptedTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            sent.set()
            await release.wait()
            return self.answer(request)

    it = World(lambda _: httpx.Response(500))
    held = Held(lambda _: httpx.Response(200, json={"reward": []}))
    client = Client(held, base_url="https://up.example", project_id=1)
    it.services = Services(client, it.services.cache, SingleFlight(), bus=it.bus)
    player = it.player()
    with it.bus.listen(PHONE) as listener:
        write = asyncio.ensure_future(player.writes.update_clan())
        await sent.wait()
        player.abandon()
        with pytest.raises(OutcomeUnknown):
            await write
        hearing = asyncio.ensure_future(listener.next())
        release.set()
        assert await hearing == about(ChangeReason.CLAN)


async def test_who_listens_is_found_however_many_others_come() -> None:
    it = world(200, ORDER)
    it.services = replace(it.services, directory=PlayerDirectory(max_bytes=20_000))
    stream = await it.player().waits.changes()
    for number in range(100):
        it.services.directory.link(f"player-{number}", Owner(f"owner-{number}"))
    assert it.owners() == (PHONE,)
    await stream.aclose()
    for number in range(100):
        it.services.directory.link(f"player-{number}", Owner(f"owner-{number}"))
    assert it.owners() == ()


# Orders that are seen to end


async def test_an_order_is_told_once_for_each_stage_it_is_seen_in() -> None:
    it = world(200)
    it.services.directory.link("ann", TABLET)
    told = []
    for status in ("new", "expired", "paid", "paid", "done", "done", "paid", "canceled", "a status of tomorrow"):
        it.services.cache.invalidate(PHONE)
        it.transport.answer = lambda _, status=status: httpx.Response(200, json={"order_id": 7, "status": status})  # type: ignore[misc]
        told.append(await it.received(TABLET, lambda: it.player().reads.order(7)))
    paid, canceled = about(ChangeReason.ORDER_PAID), about(ChangeReason.ORDER_CANCELED)
    assert told == [None, None, paid, None, paid, None, None, canceled, None]


async def test_the_chains_of_all_devices_are_read_again_after_an_order_that_one_saw_paid() -> None:
    it = World(
        lambda request: httpx.Response(
            200, json={"order_id": 7, "status": "paid"} if "/order/" in request.url.path else {"items": []}
        )
    )
    it.services.directory.link("ann", TABLET)
    await it.player(TABLET).reads.offer_chains()
    await it.player().reads.order(7)
    await it.player(TABLET).reads.offer_chains()
    assert [request.url.path.rsplit("/", 1)[-1] for request in it.transport.requests] == [
        "offer_chain",
        "7",
        "offer_chain",
    ]
