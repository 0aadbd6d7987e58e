"""What every kit does, whatever its language: one list of scenarios, which each kit's game plays."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from random import Random
from types import MappingProxyType

from gateway.sandbox import DEMO_PLAYERS
from gateway.schema import ids
from tests.kits.driver import Driver
from tests.kits.fault_proxy import SOCKET, Answer, Changed, Fault, Held, LostAnswer, LostRequest, Request, error
from tests.kits.world import World

FREE = ids.encode(ids.IdKind.OFFER_STEP, 1, 1)
LOCKED = ids.encode(ids.IdKind.OFFER_STEP, 1, 3)
WEEKLY = ids.encode(ids.IdKind.OFFER_STEP, 3, 1)
SKU = "moonstones_500"
CLAIM_CALL = "POST /user/offer_chain/1/step/number/1/claim"
WEEKLY_CALL = "POST /user/offer_chain/3/step/number/1/claim"
ORDER_CALL = f"POST /payment/item/{SKU}"
PAUSES = (1, 2, 4, 8, 16, 32, 60, 60)
DAY = 86_400


def refused(operation: str, code: str) -> Answer:
    """An answer to a mutation with a user error."""
    return Answer({"data": {operation: {"userErrors": [{"code": code, "message": code}]}}})


# Documents


async def operations_go_by_their_ids(world: World) -> None:
    await world.signed_in()
    (sent,) = world.proxy.sent("Home")
    assert sent.body["documentId"].removeprefix("sha256:").isalnum()
    assert "query" not in sent.body


async def the_text_follows_where_an_id_is_not_known(world: World) -> None:
    world.proxy.on("Home", error("PERSISTED_QUERY_NOT_FOUND"))
    driver = await world.signed_in()
    assert "query" in world.proxy.sent("Home")[1].body
    await driver.ask("home", "home")
    assert ["query" in one.body for one in world.proxy.sent("Home")] == [False, True, True]


# Tokens


async def requests_at_once_ask_for_one_token(world: World) -> None:
    driver = await world.start()
    asked = [await driver.do("home") for _ in range(3)]
    token = await world.sign_in(driver)
    for one in asked:
        assert (await driver.heard("home", id=one))["error"] is None
    assert [one.token for one in world.proxy.sent("Home")] == [token] * 3
    assert [one["isRejected"] for one in driver.told("token_wanted")] == [False]


async def _a_rejected_token_is_renewed_once(world: World, code: str) -> None:
    driver = await world.signed_in()
    both = asyncio.Event()
    world.proxy.on("Home", *[replace(error(code), release=both)] * 2)
    asked = [await driver.do("home") for _ in range(2)]
    await world.proxy.arrived("Home", 3)
    both.set()
    token = await world.sign_in(driver, count=2)
    for one in asked:
        assert (await driver.heard("home", id=one))["error"] is None
    assert [one.token for one in world.proxy.sent("Home")][-1] == token
    assert [one["isRejected"] for one in driver.told("token_wanted")] == [False, True]


async def an_unauthenticated_request_is_repeated_with_a_new_token(world: World) -> None:
    await _a_rejected_token_is_renewed_once(world, "UNAUTHENTICATED")


async def an_expired_token_is_renewed(world: World) -> None:
    await _a_rejected_token_is_renewed_once(world, "TOKEN_EXPIRED")


async def a_request_is_repeated_no_more_than_once(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("Home", *[error("UNAUTHENTICATED")] * 3)
    asked = await driver.do("home")
    await world.sign_in(driver, count=2)
    assert (await driver.heard("home", id=asked))["error"] == "UNAUTHENTICATED"
    assert len(world.proxy.sent("Home")) == 3


async def a_player_may_be_signed_out(world: World) -> None:
    driver = await world.start()
    asked = await driver.do("home")
    await driver.heard("token_wanted")
    await driver.do("token", token=None)
    assert (await driver.heard("home", id=asked))["error"] is None
    (sent,) = world.proxy.sent("Home")
    assert "authorization" not in sent.headers


# Writes


async def a_key_is_on_the_disk_before_it_is_sent(world: World) -> None:
    driver = await world.signed_in()
    held = asyncio.Event()
    world.proxy.on("ClaimOffer", Held(held))
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    (sent,) = await world.proxy.arrived("ClaimOffer", 1)
    assert sent.variables["key"] == kept["key"]
    assert len(kept["key"]) == 36
    assert kept["key"] in world.written()
    held.set()
    settled = await driver.heard("settled", key=kept["key"])
    assert (settled["outcome"], settled["operation"], settled["codes"]) == ("done", "ClaimOffer", [])
    assert world.stack.calls()[CLAIM_CALL] == 1


async def each_tap_has_a_key_of_its_own(world: World) -> None:
    driver = await world.signed_in()
    keys = {(await driver.ask("buy", "kept", sku=SKU))["key"] for _ in range(3)}
    orders = {(await driver.heard("settled", key=key))["order"] for key in keys}
    assert len(keys) == len(orders) == 3


async def _sent_again(world: World, faults: tuple[Fault, ...], pauses: tuple[float, ...]) -> None:
    driver = await world.signed_in()
    world.proxy.on("ClaimOffer", *faults)
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    for number, pause in enumerate(pauses):
        await world.wait(driver, pause, count=pauses[: number + 1].count(pause))
        await world.proxy.arrived("ClaimOffer", number + 2)
    settled = await driver.heard("settled", key=kept["key"])
    assert settled["outcome"] == "done"
    assert {one.variables["key"] for one in world.proxy.sent("ClaimOffer")} == {kept["key"]}
    assert len(world.proxy.sent("ClaimOffer")) == len(faults) + 1
    assert world.stack.calls()[CLAIM_CALL] == 1


async def lost_answers_are_asked_for_with_the_same_key(world: World) -> None:
    await _sent_again(world, (LostAnswer(),) * len(PAUSES), PAUSES)


async def lost_requests_are_sent_again_with_the_same_key(world: World) -> None:
    await _sent_again(world, (LostRequest(), LostRequest()), PAUSES[:2])


async def an_unknown_outcome_is_asked_for_again(world: World) -> None:
    unknown = refused("claimOfferChainStep", "OUTCOME_UNKNOWN")
    await _sent_again(world, (unknown, error("OUTCOME_UNKNOWN")), PAUSES[:2])


async def a_write_in_progress_is_asked_for_again(world: World) -> None:
    await _sent_again(world, (refused("claimOfferChainStep", "IN_PROGRESS"),), PAUSES[:1])


async def a_gateway_in_trouble_is_asked_again(world: World) -> None:
    trouble = (Answer("Bad gateway", 502), error("OVERLOADED", retryable=True), error("UPSTREAM_UNAVAILABLE"))
    await _sent_again(world, trouble, PAUSES[:3])


async def the_gateway_says_when_to_come_back(world: World) -> None:
    await _sent_again(world, (error("RATE_LIMITED", retryable=True, retryAfterSeconds=7),), (7,))


async def what_was_not_settled_is_sent_at_the_next_start(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("ClaimOffer", LostAnswer())
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    await driver.heard("waiting", seconds=1)
    await driver.kill()
    driver = await world.start()
    await world.sign_in(driver)
    assert (await driver.heard("settled", key=kept["key"]))["outcome"] == "done"
    assert world.stack.calls()[CLAIM_CALL] == 1


async def what_is_settled_is_forgotten(world: World) -> None:
    driver = await world.signed_in()
    kept = await driver.ask("claim", "kept", step=LOCKED, cycle=None)
    settled = await driver.heard("settled", key=kept["key"])
    assert (settled["outcome"], settled["codes"]) == ("refused", ["STEP_LOCKED"])
    # What comes next is written after the first intent is gone.
    await driver.ask("home", "home")
    assert kept["key"] not in world.written()
    await driver.kill()
    await world.signed_in()
    assert len(world.proxy.sent("ClaimOffer")) == 1


async def what_can_never_be_done_is_told(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("ClaimOffer", error("BAD_USER_INPUT"))
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    settled = await driver.heard("settled", key=kept["key"])
    assert (settled["outcome"], settled["codes"]) == ("failed", ["BAD_USER_INPUT"])


async def a_lost_order_does_not_hold_up_a_claim(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("BuyPoints", refused("orderItem", "OUTCOME_UNKNOWN"))
    bought = await driver.ask("buy", "kept", sku=SKU)
    await driver.heard("waiting", seconds=1)
    claimed = await driver.ask("claim", "kept", step=FREE, cycle=None)
    assert (await driver.heard("settled", key=claimed["key"]))["outcome"] == "done"
    assert driver.told("settled", key=bought["key"]) == []


async def claims_made_offline_are_sent_in_their_order(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.chance = lambda _: LostRequest()
    keys = [
        (await driver.ask("claim", "kept", step=ids.encode(ids.IdKind.OFFER_STEP, 4, number), cycle=None))["key"]
        for number in (1, 2, 3)
    ]
    await driver.kill()
    world.proxy.chance = lambda _: None
    driver = await world.start()
    await world.sign_in(driver)
    assert [(await driver.heard("settled", key=key))["outcome"] for key in keys] == ["done"] * 3


async def another_player_sends_none_of_it(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("ClaimOffer", LostRequest())
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    await driver.heard("waiting", seconds=1)
    await driver.kill()
    driver = await world.signed_in(player=1)
    own = await driver.ask("claim", "kept", step=LOCKED, cycle=None)
    await driver.heard("settled", key=own["key"])
    assert [one.variables["key"] for one in world.proxy.sent("ClaimOffer")] == [kept["key"], own["key"]]
    await driver.kill()
    driver = await world.start()
    await world.sign_in(driver)
    assert (await driver.heard("settled", key=kept["key"]))["outcome"] == "done"


async def a_claim_of_last_week_claims_nothing_in_the_new_cycle(world: World) -> None:
    driver = await world.signed_in()
    shown = await driver.ask("home", "home")
    (cycle,) = (one["cycle"] for one in shown["chains"] if one["id"] == ids.encode(ids.IdKind.OFFER_CHAIN, 3))
    world.proxy.on("ClaimOffer", LostRequest())
    kept = await driver.ask("claim", "kept", step=WEEKLY, cycle=cycle)
    await driver.heard("waiting", seconds=1)
    await driver.kill()
    world.stack.clock.advance(7 * DAY)
    driver = await world.start()
    await world.sign_in(driver)
    settled = await driver.heard("settled", key=kept["key"])
    assert (settled["outcome"], settled["codes"]) == ("refused", ["CYCLE_CHANGED"])
    assert world.stack.calls()[WEEKLY_CALL] == 0


async def an_order_is_not_sent_once_its_key_is_forgotten(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("BuyPoints", LostAnswer())
    kept = await driver.ask("buy", "kept", sku=SKU)
    await driver.heard("waiting", seconds=1)
    await driver.kill()
    world.stack.clock.advance(DAY)
    driver = await world.start(later=-2 * DAY)
    await world.sign_in(driver)
    assert (await driver.heard("settled", key=kept["key"]))["outcome"] == "expired"
    assert len(world.proxy.sent("BuyPoints")) == 1


# Orders


async def _bought(world: World) -> tuple[Driver, str]:
    """A game with an order that waits for its payment."""
    await world.stack.send_webhooks()
    driver = await world.signed_in()
    kept = await driver.ask("buy", "kept", sku=SKU)
    return driver, (await driver.heard("settled", key=kept["key"]))["order"]


async def _paid(world: World, driver: Driver, order: str, watch: str) -> None:
    await world.pay(order)
    assert (await driver.heard("watched", id=watch))["outcome"] == "final"
    (told,) = driver.told("order", id=watch, isTerminal=True)
    assert told["status"] == "DONE"


async def an_order_is_followed_by_a_subscription(world: World) -> None:
    driver, order = await _bought(world)
    watch = await driver.do("watch", order=order)
    await driver.heard("order", id=watch, status="NEW")
    await _paid(world, driver, order, watch)
    assert len(world.proxy.sent("OrderUpdated")) == 1
    assert world.proxy.sent("WaitForOrder") == []


async def after_two_failures_an_order_is_waited_for(world: World) -> None:
    driver, order = await _bought(world)
    world.proxy.on("OrderUpdated", LostRequest(), Answer("Bad gateway", 502))
    watch = await driver.do("watch", order=order)
    await world.wait(driver, 1)
    await world.proxy.arrived("WaitForOrder", 1)
    await _paid(world, driver, order, watch)
    assert len(world.proxy.sent("OrderUpdated")) == 2
    assert world.proxy.sent("Order") == []


async def after_an_empty_wait_comes_a_pause(world: World) -> None:
    """A gateway that shuts down answers at once with nothing new."""
    driver, order = await _bought(world)
    unchanged = Answer({"data": {"waitForOrder": {"id": order, "status": "NEW", "isTerminal": False}}})
    world.proxy.on("OrderUpdated", LostRequest(), LostRequest())
    world.proxy.on("WaitForOrder", *[unchanged] * 4)
    watch = await driver.do("watch", order=order)
    await world.wait(driver, 1)
    for count in (2, 3, 4):
        await driver.heard("waiting", seconds=1, count=count)
        assert len(world.proxy.sent("WaitForOrder")) == count
        await driver.do("advance", seconds=1)
    await world.proxy.arrived("WaitForOrder", 5)
    await _paid(world, driver, order, watch)


async def after_three_errors_more_an_order_is_read_now_and_then(world: World) -> None:
    driver, order = await _bought(world)
    world.proxy.on("OrderUpdated", LostRequest(), LostRequest())
    world.proxy.on("WaitForOrder", LostRequest(), LostRequest(), error("UPSTREAM_UNAVAILABLE", retryable=True))
    watch = await driver.do("watch", order=order)
    await world.wait(driver, 1)
    await world.wait(driver, 1, count=2)
    await world.wait(driver, 2)
    await driver.heard("order", id=watch, status="NEW")
    await world.wait(driver, 3)
    await world.proxy.arrived("Order", 2)
    await driver.heard("waiting", seconds=3, count=2)
    await world.pay(order)
    await driver.do("advance", seconds=3)
    assert (await driver.heard("watched", id=watch))["outcome"] == "final"
    assert len(world.proxy.sent("WaitForOrder")) == 3


async def an_order_is_read_for_ten_minutes(world: World) -> None:
    driver, order = await _bought(world)
    world.proxy.on("OrderUpdated", LostRequest(), LostRequest())
    world.proxy.on("WaitForOrder", LostRequest(), LostRequest(), LostRequest())
    watch = await driver.do("watch", order=order)
    await world.wait(driver, 1)
    await world.wait(driver, 1, count=2)
    await world.wait(driver, 2)
    for number in range(200):
        await world.wait(driver, 3, count=number + 1)
    assert (await driver.heard("watched", id=watch))["outcome"] == "open"
    assert len(world.proxy.sent("Order")) == 200


async def an_order_of_nobody_is_missing(world: World) -> None:
    driver = await world.signed_in()
    watch = await driver.do("watch", order=ids.encode(ids.IdKind.ORDER, 99))
    await world.wait(driver, 1)
    assert (await driver.heard("watched", id=watch))["outcome"] == "missing"


# Time


async def _told_time(world: World, driver: Driver) -> float:
    """The gateway's time as the kit tells it, in seconds since the moment at which the gateway's clock stands."""
    until = "2027-01-15T08:10:00Z"  # ten minutes after that moment
    told = await driver.ask("clock", "clock", until=until)
    assert abs(told["left"] - max(0.0, 600 - (told["now"] - world.stack.clock()))) < 0.01
    return float(told["now"] - world.stack.clock())


async def _slow_home(world: World, driver: Driver, seconds: float) -> None:
    """A screen whose answer takes so long."""
    held = asyncio.Event()
    world.proxy.on("Home", Held(held))
    count = len(world.proxy.sent("Home"))
    shown = await driver.do("home")
    await world.proxy.arrived("Home", count + 1)
    await driver.ask("advance", "advanced", seconds=seconds)
    held.set()
    assert (await driver.heard("home", id=shown))["error"] is None


async def time_is_the_gateways_and_not_the_devices(world: World) -> None:
    driver = await world.signed_in(later=3 * DAY)
    assert await _told_time(world, driver) == 0
    await driver.do("advance", seconds=5)
    assert await _told_time(world, driver) == 5
    await driver.do("device_clock", now=0)
    assert await _told_time(world, driver) == 5


async def the_quickest_of_eight_answers_sets_the_clock(world: World) -> None:
    driver = await world.start()
    held = asyncio.Event()
    world.proxy.on("Home", Held(held))
    shown = await driver.do("home")
    await world.sign_in(driver)
    await world.proxy.arrived("Home", 1)
    await driver.ask("advance", "advanced", seconds=4)
    held.set()
    await driver.heard("home", id=shown)
    # Asked at 0 and answered at 4: taken for the time at 2.
    assert await _told_time(world, driver) == 2
    # A quick answer says that it is earlier. Time stands until then, so that no countdown goes up.
    await driver.ask("home", "home")
    assert await _told_time(world, driver) == 2
    await driver.do("advance", seconds=3)
    assert await _told_time(world, driver) == 3
    # Slower ones change nothing, until eight have come after the quick one.
    for _ in range(7):
        await _slow_home(world, driver, 2)
    assert await _told_time(world, driver) == 17
    await _slow_home(world, driver, 1)
    assert await _told_time(world, driver) == 17


# Screens


async def unknown_values_are_told_with_their_text(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("Home", Changed('"nextAction":"CLAIM"', '"nextAction":"DANCE"'))
    chains = (await driver.ask("home", "home"))["chains"]
    assert {(one["actionText"], one["isUnknown"]) for one in chains} == {("DANCE", True)}
    chains = (await driver.ask("home", "home"))["chains"]
    assert {(one["actionText"], one["isUnknown"]) for one in chains} == {("CLAIM", False)}


async def the_last_good_screen_is_shown_without_a_network(world: World) -> None:
    driver = await world.signed_in()
    fresh = await driver.ask("home", "home")
    assert fresh["isStale"] is False
    assert len(fresh["chains"]) == 4
    await driver.kill()
    driver = await world.start()
    world.proxy.on("Home", LostAnswer(), Answer("Bad gateway", 502), error("UPSTREAM_UNAVAILABLE", retryable=True))
    shown = await driver.do("home")
    await world.sign_in(driver)
    for stale in (await driver.heard("home", id=shown), *[await driver.ask("home", "home") for _ in range(2)]):
        assert stale["isStale"] is True
        assert (stale["viewer"], stale["chains"]) == (fresh["viewer"], fresh["chains"])
    assert (await driver.ask("home", "home"))["isStale"] is False


async def another_player_is_shown_none_of_it(world: World) -> None:
    driver = await world.signed_in()
    await driver.kill()
    driver = await world.start(player=1)
    world.proxy.on("Home", LostRequest())
    shown = await driver.do("home")
    await world.sign_in(driver, player=1)
    told = await driver.heard("home", id=shown)
    assert (told["error"], told["chains"]) == ("NETWORK", [])


async def a_screen_with_errors_is_not_kept(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("Home", error("UNAUTHENTICATED"), error("UNAUTHENTICATED"))
    asked = await driver.do("home")
    await world.sign_in(driver, count=2)
    told = await driver.heard("home", id=asked)
    assert (told["error"], told["isStale"], told["chains"]) == ("UNAUTHENTICATED", False, [])


async def no_write_is_answered_from_the_disk(world: World) -> None:
    driver = await world.signed_in()
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    await driver.heard("settled", key=kept["key"])
    world.proxy.chance = lambda _: LostRequest()
    kept = await driver.ask("claim", "kept", step=FREE, cycle=None)
    await driver.heard("waiting", seconds=1)
    assert (await driver.ask("home", "home"))["isStale"] is True
    assert driver.told("settled", key=kept["key"]) == []


# Changes


async def changes_are_heard_of(world: World) -> None:
    driver = await world.signed_in()
    follow = await driver.do("follow")
    await driver.heard("connected", id=follow)
    await driver.ask("claim", "kept", step=FREE, cycle=None)
    assert (await driver.heard("changed", id=follow))["reasons"] == ["CLAIM"]


async def lost_subscriptions_are_made_again(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("ChainsChanged", LostRequest(), Answer("Bad gateway", 502), LostRequest())
    follow = await driver.do("follow")
    for pause in (1, 2, 4):
        await world.wait(driver, pause)
    await driver.heard("connected", id=follow)
    assert len(world.proxy.sent("ChainsChanged")) == 4


async def a_silent_subscription_is_made_again(world: World) -> None:
    """The gateway's clock stands still, so that it sends no heartbeats."""
    driver = await world.signed_in()
    follow = await driver.do("follow")
    await driver.heard("connected", id=follow)
    await world.wait(driver, 40)
    await world.wait(driver, 1)
    await driver.heard("connected", id=follow, count=2)


async def a_subscription_renews_its_token(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on("ChainsChanged", Answer({"errors": []}, 401))
    follow = await driver.do("follow")
    token = await world.sign_in(driver, count=2)
    await driver.heard("connected", id=follow)
    assert world.proxy.sent("ChainsChanged")[-1].token == token


# Sockets


async def a_socket_tells_of_changes(world: World) -> None:
    await changes_are_heard_of(world)
    assert (len(world.proxy.sent(SOCKET)), world.proxy.sent("ChainsChanged")) == (1, [])


async def a_socket_tells_of_an_order(world: World) -> None:
    driver, order = await _bought(world)
    watch = await driver.do("watch", order=order)
    await driver.heard("order", id=watch, status="NEW")
    await _paid(world, driver, order, watch)
    assert (len(world.proxy.sent(SOCKET)), world.proxy.sent("OrderUpdated")) == (1, [])


async def a_socket_that_is_cut_is_opened_again(world: World) -> None:
    driver = await world.signed_in()
    follow = await driver.do("follow")
    await driver.heard("connected", id=follow)
    world.proxy.cut()
    await world.wait(driver, 1)
    await driver.heard("connected", id=follow, count=2)
    assert len(world.proxy.sent(SOCKET)) == 2


async def a_silent_socket_is_opened_again(world: World) -> None:
    """Two pings of three go unanswered, though the connection is there."""
    driver = await world.signed_in()
    follow = await driver.do("follow")
    await driver.heard("connected", id=follow)
    world.proxy.passes.clear()
    for pause, count in ((15, 1), (15, 2), (10, 1)):
        await world.wait(driver, pause, count=count)
    await driver.heard("waiting", seconds=1)
    world.proxy.passes.set()
    await driver.do("advance", seconds=1)
    await driver.heard("connected", id=follow, count=2)


async def a_socket_renews_its_token(world: World) -> None:
    driver = await world.start()
    follow = await driver.do("follow")
    await driver.heard("token_wanted")
    await driver.do("token", token=world.stack.token(DEMO_PLAYERS[0], lifetime_seconds=-DAY))
    await world.sign_in(driver, count=2)
    await driver.heard("connected", id=follow)
    assert [one["isRejected"] for one in driver.told("token_wanted")] == [False, True]
    assert len(world.proxy.sent(SOCKET)) == 2


async def where_no_socket_opens_events_are_heard(world: World) -> None:
    driver = await world.signed_in()
    world.proxy.on(SOCKET, Answer("Bad gateway", 502))
    follow = await driver.do("follow")
    await driver.heard("connected", id=follow)
    world.proxy.cut()
    await world.wait(driver, 1)
    await driver.heard("connected", id=follow, count=2)
    assert (len(world.proxy.sent(SOCKET)), len(world.proxy.sent("ChainsChanged"))) == (1, 2)


# All together

PURCHASES, IN_A_RUN, SETTLED_IN_A_RUN = 200, 25, 10


async def two_hundred_purchases(world: World) -> None:
    """One answer or request in five is lost, and the game is killed again and again with purchases under way."""
    random = Random(20261129)

    def chance(_: Request) -> Fault | None:
        return random.choice((LostAnswer(), LostRequest())) if random.random() < 0.2 else None

    keys: set[str] = set()
    orders: dict[str, str] = {}
    driver = await world.signed_in()
    world.proxy.chance = chance
    while len(orders) < PURCHASES:
        if len(keys) < PURCHASES:
            asked = [await driver.do("buy", sku=SKU) for _ in range(IN_A_RUN)]
            keys |= {(await driver.heard("kept", id=one))["key"] for one in asked}
        await _time_passes(driver, orders, until=len(orders) + SETTLED_IN_A_RUN)
        await driver.kill()
        orders |= _told_orders(driver)
        if len(orders) < PURCHASES:  # with nothing left to send, a game does not ask for a token
            driver = await world.start()
            await world.sign_in(driver)
    assert len(keys) == len(set(orders.values())) == PURCHASES
    assert orders.keys() == keys
    assert world.stack.calls()[ORDER_CALL] == PURCHASES


async def _time_passes(driver: Driver, orders: dict[str, str], until: int) -> None:
    """Let all pauses of the game pass until so many purchases are settled, or all of them."""
    seen = 0
    while len(orders | _told_orders(driver)) < min(until, PURCHASES):
        told = driver.events[seen:]
        seen += len(told)
        for pause in (one for one in told if one["event"] == "waiting"):
            await driver.do("advance", seconds=pause["seconds"])
        await driver.more_than(seen)


def _told_orders(driver: Driver) -> dict[str, str]:
    settled = driver.told("settled")
    assert {one["outcome"] for one in settled} <= {"done"}
    return {one["key"]: one["order"] for one in settled}


Scenario = Callable[[World], Awaitable[None]]

SCENARIOS = MappingProxyType(
    {
        one.__name__: one
        for one in (
            operations_go_by_their_ids,
            the_text_follows_where_an_id_is_not_known,
            requests_at_once_ask_for_one_token,
            an_unauthenticated_request_is_repeated_with_a_new_token,
            an_expired_token_is_renewed,
            a_request_is_repeated_no_more_than_once,
            a_player_may_be_signed_out,
            a_key_is_on_the_disk_before_it_is_sent,
            each_tap_has_a_key_of_its_own,
            lost_answers_are_asked_for_with_the_same_key,
            lost_requests_are_sent_again_with_the_same_key,
            an_unknown_outcome_is_asked_for_again,
            a_write_in_progress_is_asked_for_again,
            a_gateway_in_trouble_is_asked_again,
            the_gateway_says_when_to_come_back,
            what_was_not_settled_is_sent_at_the_next_start,
            what_is_settled_is_forgotten,
            what_can_never_be_done_is_told,
            a_lost_order_does_not_hold_up_a_claim,
            claims_made_offline_are_sent_in_their_order,
            another_player_sends_none_of_it,
            a_claim_of_last_week_claims_nothing_in_the_new_cycle,
            an_order_is_not_sent_once_its_key_is_forgotten,
            an_order_is_followed_by_a_subscription,
            after_two_failures_an_order_is_waited_for,
            after_an_empty_wait_comes_a_pause,
            after_three_errors_more_an_order_is_read_now_and_then,
            an_order_is_read_for_ten_minutes,
            an_order_of_nobody_is_missing,
            time_is_the_gateways_and_not_the_devices,
            the_quickest_of_eight_answers_sets_the_clock,
            unknown_values_are_told_with_their_text,
            the_last_good_screen_is_shown_without_a_network,
            another_player_is_shown_none_of_it,
            a_screen_with_errors_is_not_kept,
            no_write_is_answered_from_the_disk,
        )
    }
)
"""The scenarios that take a moment each, by name. `two_hundred_purchases` takes longer."""

FOLLOWING = MappingProxyType(
    {
        one.__name__: one
        for one in (
            changes_are_heard_of,
            lost_subscriptions_are_made_again,
            a_silent_subscription_is_made_again,
            a_subscription_renews_its_token,
        )
    }
)
"""Those of kits that follow changes, over server-sent events."""

OVER_SOCKETS = MappingProxyType(
    {
        one.__name__: one
        for one in (
            a_socket_tells_of_changes,
            a_socket_tells_of_an_order,
            a_socket_that_is_cut_is_opened_again,
            a_silent_socket_is_opened_again,
            a_socket_renews_its_token,
            where_no_socket_opens_events_are_heard,
        )
    }
)
"""Those of kits that use sockets where these open."""
