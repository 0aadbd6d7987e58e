"""Any interleaving of what players do leaves a sandbox that says what the model says."""

from functools import cache

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gateway.sandbox import DEMO_PROJECT_ID, create_sandbox, mint_token
from tests.sandbox.play import HOUR, Clock, Randomness
from tests.sandbox.proofs.audit import audit
from tests.sandbox.proofs.caller import Answer, Caller
from tests.sandbox.proofs.model import OK, Chain, Model, Order
from tests.sandbox.proofs.playground import CATALOG, CLANS, LEAPS, open_playground
from tests.sandbox.proofs.scale import SCALE

NAMES = ("ann", "ben", "cat")
names = st.sampled_from(NAMES)
places = st.integers(0, 11)


class Players(RuleBasedStateMachine):
    """Three players on one clock; after each act everybody's view is compared with the model."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        app = create_sandbox(clock=self.clock, random_bytes=Randomness())
        self.caller = Caller(app)
        self.sandbox = app.state.sandbox
        with self.sandbox.database.write() as tx:
            chains = open_playground(tx)
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
        """Carry a clan, or none, in the token; whoever is in no clan joins at the next call."""
        self.model.players[name].wanted_clan = clan
        self.model.players[name].arrive()

    @rule(name=names, place=places, wish=places)
    def take_any_step(self, name: str, place: int, wish: int) -> None:
        chain = self.offers[place % len(self.offers)]
        number = 1 + wish % len(chain.steps)
        self._claim(name, chain, number)
        self._order(name, chain, number)

    @rule(name=names, place=places)
    def take_next_step(self, name: str, place: int) -> None:
        """Claim it, or buy it."""
        chain = self.offers[place % len(self.offers)]
        number = self.model.next_number(name, chain, self.clock.now) or 1
        if chain.steps[number - 1].is_free:
            self._claim(name, chain, number)
        elif self._order(name, chain, number):
            self._pay(0)

    @rule(name=names, place=places)
    def order_next_step(self, name: str, place: int) -> None:
        chain = self.offers[place % len(self.offers)]
        self._order(name, chain, self.model.next_number(name, chain, self.clock.now) or 1)

    @precondition(lambda self: self.model.orders)
    @rule(place=places)
    def pay_an_order(self, place: int) -> None:
        self._pay(place)

    @precondition(lambda self: self.model.orders)
    @rule(place=places)
    def cancel_an_order(self, place: int) -> None:
        order_id, order = self._recent_order(place)
        foreseen = self.model.cancel(order)
        assert self.caller.send("POST", f"/_sandbox/orders/{order_id}/cancel").verdict == foreseen

    @rule(name=names, place=places)
    def claim_rewards(self, name: str, place: int) -> None:
        chain = self.rewards[place % len(self.rewards)]
        for step in chain.steps:
            foreseen = self.model.claim_reward(name, chain, step, self.clock.now)
            path = f"/user/reward_chain/{chain.chain_id}/step/{step.step_id}/claim"
            assert self._ask(name, "POST", path).verdict == foreseen

    @rule(name=names)
    def update_clan(self, name: str) -> None:
        foreseen = self.model.update_clan(name, self.clock.now)
        answer = self._ask(name, "PUT", "/user/clan/update").json()
        assert [reward["sku"] for reward in answer["reward"]] == foreseen

    @rule(seconds=st.sampled_from(LEAPS))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        for name in NAMES:
            assert self._seen_offers(name) == {
                chain.chain_id: self._foreseen_offer(name, chain) for chain in self._running(self.offers)
            }
            assert self._seen_rewards(name) == {
                chain.chain_id: self._foreseen_reward(name, chain) for chain in self._running(self.rewards)
            }
            assert self.sandbox.inventory(name) == self.model.players[name].owned

    @invariant()
    def nothing_is_where_it_must_not_be(self) -> None:
        with self.sandbox.database.read() as tx:
            audit(tx.all)
        for order_id, order in self.model.orders.items():
            assert list(self.sandbox.order_history(order_id)) == order.history

    def _claim(self, name: str, chain: Chain, number: int) -> None:
        foreseen = self.model.claim_offer(name, chain, number, self.clock.now)
        path = f"/user/offer_chain/{chain.chain_id}/step/number/{number}/claim"
        assert self._ask(name, "POST", path).verdict == foreseen

    def _order(self, name: str, chain: Chain, number: int) -> bool:
        foreseen = self.model.order_offer(name, chain, number, self.clock.now)
        answer = self._ask(name, "POST", f"/user/offer_chain/{chain.chain_id}/step/number/{number}/order")
        assert answer.verdict == foreseen
        if foreseen == OK:
            self.model.orders[answer.json()["order_id"]] = Order(name, chain, chain.steps[number - 1], ["new"])
        return foreseen == OK

    def _pay(self, place: int) -> None:
        order_id, order = self._recent_order(place)
        self.model.pay(order, self.clock.now)
        answer = self.caller.send("POST", f"/_sandbox/orders/{order_id}/pay")
        assert answer.json() == {"order_id": order_id, "status": order.status}

    def _recent_order(self, place: int) -> tuple[int, Order]:
        return list(self.model.orders.items())[-1 - place % min(len(self.model.orders), 6)]

    def _running(self, chains: list[Chain]) -> list[Chain]:
        return [chain for chain in chains if self.clock.now < chain.ends_at]

    def _seen_offers(self, name: str) -> dict[int, object]:
        return {
            chain["id"]: ([step["is_claimed"] for step in chain["steps"]], chain["next_step_number"])
            for chain in self._ask(name, "GET", "/user/offer_chain").json()["items"]
        }

    def _foreseen_offer(self, name: str, chain: Chain) -> object:
        return self._claimed(name, chain), self.model.next_number(name, chain, self.clock.now)

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
        earned = self.model.contributions(name, chain, self.clock.now)
        return self._claimed(name, chain), sum(earned.values()), earned if chain.is_clan else {}

    def _claimed(self, name: str, chain: Chain) -> list[bool]:
        claimed = self.model.claimed(name, chain, self.clock.now)
        return [step.step_id in claimed for step in chain.steps]

    def _ask(self, name: str, method: str, path: str) -> Answer:
        token = player_token(name, self.model.players[name].wanted_clan, self.clock.now // HOUR * HOUR)
        return self.caller.send(method, f"/api/v2/project/{DEMO_PROJECT_ID}{path}", token)


@cache
def player_token(name: str, clan: str | None, now: float) -> str:
    return mint_token(name, attributes={"clan": clan} if clan else {}, now=now)


TestInterleavings = Players.TestCase
TestInterleavings.settings = settings(
    max_examples=40 * SCALE, stateful_step_count=80, derandomize=SCALE == 1, deadline=None, database=None
)
