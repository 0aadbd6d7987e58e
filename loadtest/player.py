"""One player with a game: what it asks for, and what has to be true of the answers."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from loadtest.answers import Data, Unexpected

OPERATIONS = {path.stem: path.read_text() for path in sorted((Path(__file__).parent / "operations").glob("*.graphql"))}

Check = Callable[[Data], None]
"""Raises Unexpected for an answer that is not this player's, or not right."""

Ask = Callable[[str, Mapping[str, object], Check], Data | None]
"""Sends an operation of OPERATIONS with variables; None where the answer failed, its check included."""


class Player:
    """The journeys of one player; it remembers what it has claimed, because every later screen has to show that."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._claimed: set[tuple[str, str | None]] = set()

    def open_screen(self) -> Data | None:
        """Everything at once, as when the game starts."""
        return self._ask("screen", {}, self._check_screen)

    def poll_badge(self) -> None:
        """The red dot in the main menu."""
        self._ask("badge", {}, _check_viewer)

    def claim_free_step(self) -> None:
        """Open the screen, and take the first free step that it offers, if any."""
        chain = self._chain("CLAIM")
        if chain is None:
            return
        step_id = chain["nextStep"]["id"]
        if self._ask("claim", {"stepId": step_id}, lambda data: _check_claim(data, step_id)):
            self._claimed.add((step_id, chain["schedule"]["resetsAt"]))

    def order_paid_step(self) -> None:
        """Open the screen, order the first step that is for sale, if any, and look at the order."""
        chain = self._chain("BUY")
        ordered = chain and self._ask("buy", {"stepId": chain["nextStep"]["id"]}, _check_purchase)
        if not ordered:
            return
        order_id = ordered["orderOfferChainStep"]["order"]["id"]
        self._ask("order", {"id": order_id}, lambda data: _check_order(data, order_id))

    def _chain(self, action: str) -> Data | None:
        """The first chain of a fresh screen whose button says that."""
        screen = self.open_screen()
        chains = screen["viewer"]["offerChains"] if screen else ()
        return next((chain for chain in chains if chain["nextAction"] == action), None)

    def _check_screen(self, data: Data) -> None:
        _check_viewer(data)
        for chain in data["viewer"]["offerChains"]:
            resets_at = chain["schedule"]["resetsAt"]
            for step in chain["steps"]:
                # After a reset the step is there to be claimed again.
                if (step["id"], resets_at) in self._claimed and step["state"] != "CLAIMED":
                    raise Unexpected("a step that this player has claimed is shown as not claimed")


def _check_viewer(data: Data) -> None:
    if data["viewer"]["isSignedIn"] is not True:
        raise Unexpected("the answer is not for a player who is signed in")


def _check_claim(data: Data, step_id: str) -> None:
    payload = data["claimOfferChainStep"]
    # Another device of the player may have been first: the step is the player's all the same.
    _check_user_errors(payload, allowed={"ALREADY_CLAIMED"})
    states = {step["id"]: step["state"] for step in payload["offerChain"]["steps"]}
    if states.get(step_id) != "CLAIMED":
        raise Unexpected("a claim came back with the step not claimed")


def _check_purchase(data: Data) -> None:
    payload = data["orderOfferChainStep"]
    _check_user_errors(payload)
    if not payload["order"] or not payload["order"]["paymentUrl"]:
        raise Unexpected("an order came back without a payment page")


def _check_order(data: Data, order_id: str) -> None:
    _check_viewer(data)
    if not data["order"] or data["order"]["id"] != order_id:
        raise Unexpected("the player's own order is not found")


def _check_user_errors(payload: Data, allowed: Iterable[str] = ()) -> None:
    codes = sorted({error["code"] for error in payload["userErrors"]} - set(allowed))
    if codes:
        raise Unexpected(f"userErrors: {', '.join(codes)}")
