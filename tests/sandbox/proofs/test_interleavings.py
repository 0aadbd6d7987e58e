"""After any interleaving of players' actions the sandbox returns what the model predicts."""

from functools import cache

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.sandbox import DEMO_API_KEY, DEMO_PROJECT_ID, create_sandbox, mint_token
from tests.sandbox.proofs.audit import audit
from tests.sandbox.proofs.in_process_client import Answer, Caller
from tests.sandbox.proofs.model import NO_CHAIN, NO_CONTENT, NO_ORDER, OK, Model, Outcome
from tests.sandbox.proofs.model_parts import Chain, Order, Step
from tests.sandbox.proofs.model_project import CATALOG, CLANS, LEAPS, open_model_project
from tests.sandbox.proofs.scale import SCALE
from tests.sandbox.world import HOUR, WEDNESDAY_NOON, Clock, Randomness, basic

pytestmark = pytest.mark.usefixtures("unmeasured")
ROOT = f"/api/v2/project/{DEMO_PROJECT_ID}"
PUBLISHER = basic(f"{DEMO_PROJECT_ID}:{DEMO_API_KEY}")
NAMES = ("ann", "ben", "cat")
names = st.sampled_from(NAMES)
places = st.integers(0, 11)


class Players(RuleBasedStateMachine):
    """Three players on one clock; after each act everybody's view is compared with the model."""

    def __init__(self) -> None:
        super().__init__()
        self.now = WEDNESDAY_NOON
        app = create_sandbox(clock=Clock(self.now), random_bytes=Randomness())
        self.caller = Caller(app)
        self.sandbox = app.state.sandbox
        with self.sandbox.database.write() as tx:
            chains = open_model_project(tx)
        hooks = {"url": "http://publisher.test/webhooks", "secret": "my_secret", "is_enabled": True}
        assert self._administer("PUT", "/webhook", hooks) == NO_CONTENT
        self.model = Model(chains, CATALOG, NAMES)
        self.offers = [chain for chain in chains if chain.value_point is None]
        self.rewards = [chain for chain in chains if chain.value_point is not None]

    def teardown(self) -> None:
        self.caller.close()
        self.sandbox.close()

    @initialize(clans=st.tuples(*[st.sampled_from(CLANS)] * len(NAMES)))
    def sign_in(self, clans: tuple[str | None, ...]) -> None:
        for name, clan in zip(NAMES, clans, strict=True):
            self.name_clan(name, clan)

    @rule(name=names, clan=st.sampled_from(CLANS))
    def name_clan(self, name: str, clan: str | None) -> None:
        """Carry a clan, or none, in the token; players without a clan join it at the next call."""
        self.model.players[name].wanted_clan = clan
        self.model.players[name].arrive()

    @rule(name=names, place=places, wish=places)
    def take_any_step(self, name: str, place: int, wish: int) -> None:
        chain = self.offers[place % len(self.offers)]
        number = 1 + wish % len(chain.steps)
        self._claim(name, chain, number)
        self._order(name, chain, number)

    @rule(name=names, place=places, count=st.integers(1, 3))
    def take_next_steps(self, name: str, place: int, count: int) -> None:
        """Claim or buy them."""
        chain = self.offers[place % len(self.offers)]
        for _ in range(count):
            number = self.model.next_number(name, chain, self.now) or 1
            if chain.steps[number - 1].is_free:
                self._claim(name, chain, number)
            elif self._order(name, chain, number):
                self._pay(0)

    @rule(name=names, place=places)
    def order_next_step(self, name: str, place: int) -> None:
        chain = self.offers[place % len(self.offers)]
        self._order(name, chain, self.model.next_number(name, chain, self.now) or 1)

    @precondition(lambda self: self.model.orders)
    @rule(place=places)
    def pay_an_order(self, place: int) -> None:
        self._pay(place)

    @precondition(lambda self: self.model.orders)
    @rule(place=places)
    def cancel_an_order(self, place: int) -> None:
        order_id, order = self._recent_order(place)
        foreseen = self.model.cancel(order)
        assert self.caller.send("POST", f"/_sandbox/orders/{order_id}/cancel").outcome == foreseen

    @precondition(lambda self: self.model.orders)
    @rule(place=places)
    def refund_an_order(self, place: int) -> None:
        order_id, order = self._recent_order(place)
        foreseen = self.model.refund(order)
        assert self.caller.send("POST", f"/_sandbox/orders/{order_id}/refund").outcome == foreseen

    @precondition(lambda self: self.model.orders)
    @rule(name=names, place=places)
    def look_at_an_order(self, name: str, place: int) -> None:
        order_id, order = self._recent_order(place)
        answer = self._ask(name, "GET", f"/order/{order_id}")
        if name == order.player:
            assert answer.json()["status"] == order.status
        else:
            assert answer.outcome == NO_ORDER

    @rule(name=names, sku=st.sampled_from(["wanderer_bundle", "supply_crate"]), quantity=st.integers(1, 3))
    def order_item(self, name: str, sku: str, quantity: int) -> None:
        body = {"player_id": name, "sku": sku, "quantity": quantity}
        answer = self.caller.send("POST", f"/_sandbox/projects/{DEMO_PROJECT_ID}/orders", body=body)
        self.model.orders[answer.json()["order_id"]] = Order(name, Step(0, sku, quantity), None, ["new"])

    @rule(name=names, place=places)
    def claim_rewards(self, name: str, place: int) -> None:
        chain = self.rewards[place % len(self.rewards)]
        for step in chain.steps:
            foreseen = self.model.claim_reward(name, chain, step, self.now)
            path = f"/user/reward_chain/{chain.chain_id}/step/{step.step_id}/claim"
            assert self._ask(name, "POST", path).outcome == foreseen
        balance = self._ask(name, "GET", f"/user/reward_chain/{chain.chain_id}/balance")
        if chain.chain_id in self.model.switched_off:
            assert balance.outcome == NO_CHAIN
        else:
            assert balance.json()["amount"] == self.model.amount(name, chain, self.now)

    @rule(name=names, clan=st.sampled_from(CLANS))
    def change_clan(self, name: str, clan: str | None) -> None:
        self.name_clan(name, clan)
        self.update_clan(name)

    @rule(name=names)
    def update_clan(self, name: str) -> None:
        foreseen = self.model.update_clan(name, self.now)
        answer = self._ask(name, "PUT", "/user/clan/update").json()
        assert [reward["sku"] for reward in answer["reward"]] == foreseen

    @rule(seconds=st.sampled_from(LEAPS))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds
        assert self.caller.send("POST", "/_sandbox/clock", body={"advance_seconds": seconds}).json()["now"] == self.now

    @rule(place=places)
    def reset(self, place: int) -> None:
        chain = self.rewards[place % len(self.rewards)]
        self.model.reset(chain)
        assert self._administer("POST", f"/reward_chain/id/{chain.chain_id}/reset") == NO_CONTENT

    @rule(place=places)
    def switch_on_or_off(self, place: int) -> None:
        chains = [*self.offers, *self.rewards]
        off = [chain for chain in chains if chain.chain_id in self.model.switched_off]
        chain = off[0] if off and place % 4 else chains[place % len(chains)]
        self.model.toggle(chain)
        kind = "reward" if chain.value_point else "offer"
        assert self._administer("PUT", f"/{kind}_chain/id/{chain.chain_id}/toggle") == NO_CONTENT

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        for name in NAMES:
            assert self._seen_offers(name) == {
                chain.chain_id: self._foreseen_offer(name, chain) for chain in self._running(self.offers)
            }
            assert self._seen_rewards(name) == {
                chain.chain_id: self._foreseen_reward(name, chain) for chain in self._running(self.rewards)
            }
            assert self.sandbox.inventory(name) == +self.model.players[name].owned

    @invariant()
    def nothing_is_where_it_must_not_be(self) -> None:
        with self.sandbox.database.read() as tx:
            audit(tx.all)
        for order_id, order in self.model.orders.items():
            assert list(self.sandbox.order_history(order_id)) == order.history

    def _claim(self, name: str, chain: Chain, number: int) -> None:
        foreseen = self.model.claim_offer(name, chain, number, self.now)
        path = f"/user/offer_chain/{chain.chain_id}/step/number/{number}/claim"
        assert self._ask(name, "POST", path).outcome == foreseen

    def _order(self, name: str, chain: Chain, number: int) -> bool:
        foreseen = self.model.order_offer(name, chain, number, self.now)
        answer = self._ask(name, "POST", f"/user/offer_chain/{chain.chain_id}/step/number/{number}/order")
        assert answer.outcome == foreseen
        if foreseen == OK:
            self.model.orders[answer.json()["order_id"]] = Order(name, chain.steps[number - 1], chain, ["new"])
        return foreseen == OK

    def _pay(self, place: int) -> None:
        order_id, order = self._recent_order(place)
        self.model.pay(order, self.now)
        answer = self.caller.send("POST", f"/_sandbox/orders/{order_id}/pay")
        assert answer.json() == {"order_id": order_id, "status": order.status}

    def _recent_order(self, place: int) -> tuple[int, Order]:
        return list(self.model.orders.items())[-1 - place % min(len(self.model.orders), 6)]

    def _running(self, chains: list[Chain]) -> list[Chain]:
        return [chain for chain in chains if self.model.is_running(chain, self.now)]

    def _seen_offers(self, name: str) -> dict[int, object]:
        return {
            chain["id"]: ([step["is_claimed"] for step in chain["steps"]], chain["next_step_number"])
            for chain in self._ask(name, "GET", "/user/offer_chain").json()["items"]
        }

    def _foreseen_offer(self, name: str, chain: Chain) -> object:
        return self._claimed(name, chain), self.model.next_number(name, chain, self.now)

    def _seen_rewards(self, name: str) -> dict[int, object]:
        return {
            chain["reward_chain_id"]: (
                [step["is_claimed"] for step in chain["steps"]],
                chain["value_point"]["amount"],
                {one["name"]: one["contributed_amount"] for one in chain["top_contributors"]},
            )
            for chain in self._ask(name, "GET", "/user/reward_chain").json()["items"]
        }

    def _foreseen_reward(self, name: str, chain: Chain) -> object:
        earned = self.model.contributions(name, chain, self.now)
        return self._claimed(name, chain), sum(earned.values()), earned if chain.is_clan else {}

    def _claimed(self, name: str, chain: Chain) -> list[bool]:
        claimed = self.model.claimed(name, chain, self.now)
        return [step.step_id in claimed for step in chain.steps]

    def _ask(self, name: str, method: str, path: str) -> Answer:
        token = player_token(name, self.model.players[name].wanted_clan, self.now // HOUR * HOUR)
        return self.caller.send(method, f"{ROOT}{path}", f"Bearer {token}")

    def _administer(self, method: str, path: str, body: object = None) -> Outcome:
        return self.caller.send(method, f"{ROOT}/admin{path}", PUBLISHER, body).outcome


@cache
def player_token(name: str, clan: str | None, now: float) -> str:
    return mint_token(name, attributes={"clan": clan} if clan else {}, now=now)


TestInterleavings = Players.TestCase
TestInterleavings.settings = settings(
    max_examples=30 * SCALE, stateful_step_count=70, derandomize=SCALE == 1, deadline=None, database=None
)
