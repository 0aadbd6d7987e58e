"""The sandbox as an object: what the command line, the payment page and tests do beside the upstream's calls."""

import base64
from collections.abc import Callable, Mapping

from gateway.sandbox.actions.item_orders import order_item
from gateway.sandbox.actions.payments import TOKEN_SECONDS, cancel_order, decline_payment, pay_order, refund_order
from gateway.sandbox.actions.progress import set_points, set_taken_steps
from gateway.sandbox.demo.accounts import DEMO_PROJECT_ID
from gateway.sandbox.domain.payment_tokens import PaymentTokens
from gateway.sandbox.domain.rules import OrderStatus
from gateway.sandbox.domain.tokens import PlayerClaims, attribute_texts
from gateway.sandbox.errors import NotFoundError, OrderNotFoundError
from gateway.sandbox.storage.chains import Chain, find_of_any_kind
from gateway.sandbox.storage.clock import read_clock
from gateway.sandbox.storage.database import Database, Transaction
from gateway.sandbox.storage.orders import Order, find_order, find_order_by_token, order_history, owned_items
from gateway.sandbox.storage.players import (
    Player,
    all_players,
    find_player,
    get_player,
    numbered_player,
    set_attributes,
    store_opaque_token,
    upsert_player,
)
from gateway.sandbox.storage.projects import (
    Project,
    all_projects,
    create_project,
    delete_everything,
    find_project,
    free_project_id,
)
from gateway.sandbox.storage.webhook_settings import WebhookSettings, find_webhook_settings, set_webhook_settings

_RANDOM_BYTES = 24


class Sandbox:
    """Everything in one database. Each method is one transaction."""

    def __init__(
        self, database: Database, random_bytes: Callable[[int], bytes], seed: Callable[[Transaction], None]
    ) -> None:
        """Take the database, which `close` closes, the source of randomness, and what fills an empty sandbox."""
        self.database = database
        self._random_bytes = random_bytes
        self._seed = seed
        self.refill: Callable[[], object] = lambda: None
        """Called after a reset, for what others have put into the sandbox at its start."""
        with database.write() as tx:
            seed(tx)

    def reset(self) -> None:
        """Delete everything and begin as at the first start; only the clock and addresses for webhooks stay."""
        with self.database.write() as tx:
            kept = {one.project_id: find_webhook_settings(tx, one.project_id) for one in all_projects(tx)}
            delete_everything(tx)
            self._seed(tx)
        self.refill()
        with self.database.write() as tx:
            for project in all_projects(tx):
                if settings := kept.get(project.project_id):
                    set_webhook_settings(tx, project.project_id, settings)

    def clock_offset(self) -> float:
        """Return how many seconds the clock was moved ahead of the machine's."""
        with self.database.read() as tx:
            return read_clock(tx).offset_seconds

    def projects(self) -> tuple[Project, ...]:
        """List the projects by number."""
        with self.database.read() as tx:
            return all_projects(tx)

    def create_project(self, name: str) -> Project:
        """Create an empty project with new secrets."""
        api_key, login_secret = (self._random_bytes(_RANDOM_BYTES).hex() for _ in range(2))
        with self.database.write() as tx:
            project = Project(free_project_id(tx), name, api_key, login_secret)
            create_project(tx, project)
        return project

    def players(self, project_id: int = DEMO_PROJECT_ID) -> tuple[Player, ...]:
        """List a project's players in the order of their creation."""
        with self.database.read() as tx:
            return all_players(tx, project_id)

    def issue_opaque_token(
        self,
        player_id: str,
        *,
        project_id: int = DEMO_PROJECT_ID,
        name: str | None = None,
        attributes: Mapping[str, object] | None = None,
        lifetime_seconds: int = TOKEN_SECONDS,
    ) -> str:
        """Issue a token that is not a JWT, as the Pay Station's are (client contract, 6.3)."""
        token = base64.urlsafe_b64encode(self._random_bytes(_RANDOM_BYTES)).decode()
        texts = None if attributes is None else attribute_texts(attributes)
        with self.database.write() as tx:
            player = upsert_player(tx, project_id, PlayerClaims(player_id, name, texts))
            store_opaque_token(tx, player, token, tx.now + lifetime_seconds)
        return token

    def set_attributes(
        self, player_id: str, attributes: Mapping[str, object], *, project_id: int = DEMO_PROJECT_ID
    ) -> None:
        """Change a player's attributes without a token; raises LookupError for an unknown player."""
        with self.database.write() as tx:
            set_attributes(tx, _player(tx, project_id, player_id), attribute_texts(attributes))

    def inventory(self, player_id: str, *, project_id: int = DEMO_PROJECT_ID) -> dict[str, int]:
        """Add up what a player owns, by SKU; raises LookupError for an unknown player."""
        with self.database.read() as tx:
            return owned_items(tx, _player(tx, project_id, player_id))

    def order_item(self, player_id: str, sku: str, quantity: int = 1, *, project_id: int = DEMO_PROJECT_ID) -> Order:
        """Order an item by its SKU, outside of any chain.

        Raises NotFoundError for an unknown project or SKU, and RefusedError for an item that cannot be bought.
        """
        payment_token = PaymentTokens(self._random_bytes).make()
        with self.database.write() as tx:
            if find_project(tx, project_id) is None:
                raise NotFoundError("Project not found")
            player = upsert_player(tx, project_id, PlayerClaims(player_id, name=None, attributes=None))
            return order_item(tx, player, sku, quantity, payment_token)

    def send_webhooks(self, url: str, secret: str, *, project_id: int = DEMO_PROJECT_ID) -> None:
        """Send a project's webhooks to this URL, signed with the secret, unless it has settings with another secret."""
        with self.database.write() as tx:
            present = find_webhook_settings(tx, project_id)
            if present is None or present.secret == secret:
                set_webhook_settings(tx, project_id, WebhookSettings(url, secret, is_enabled=True))

    def pay(self, order_id: int) -> OrderStatus:
        """Pay an order and return its status afterwards; raises OrderNotFoundError."""
        with self.database.write() as tx:
            order = _order(tx, order_id)
            return pay_order(tx, get_player(tx, order.player_number), order).status

    def cancel(self, order_id: int) -> OrderStatus:
        """Cancel an unpaid order; raises OrderNotFoundError, or RefusedError for one that is not unpaid."""
        with self.database.write() as tx:
            return cancel_order(tx, _order(tx, order_id)).status

    def refund(self, order_id: int) -> OrderStatus:
        """Refund a paid order; raises OrderNotFoundError, or RefusedError for one that is not paid or is free."""
        with self.database.write() as tx:
            return refund_order(tx, _order(tx, order_id)).status

    def decline(self, order_id: int) -> OrderStatus:
        """Let a payment of the order fail, as a card that is refused: it stays unpaid, and no webhook is sent.

        The vendor's webhook about it, `ps_declined`, is outside of the contract (client contract, 8.2). Raises
        OrderNotFoundError, or RefusedError for an order that is not unpaid.
        """
        with self.database.read() as tx:
            return decline_payment(_order(tx, order_id)).status

    def set_taken_steps(self, player_number: int, chain_id: int, count: int) -> None:
        """Set by hand which steps a player has taken; raises NotFoundError, or RefusedError for what cannot be."""
        with self.database.write() as tx:
            set_taken_steps(tx, *_player_and_chain(tx, player_number, chain_id), count)

    def set_points(self, player_number: int, chain_id: int, amount: int) -> None:
        """Set by hand what a player has earned; raises NotFoundError, or RefusedError for what cannot be."""
        with self.database.write() as tx:
            set_points(tx, *_player_and_chain(tx, player_number, chain_id), amount)

    def order_history(self, order_id: int) -> tuple[OrderStatus, ...]:
        """List the statuses that an order has had, oldest first; none when there is no such order."""
        with self.database.read() as tx:
            return order_history(tx, order_id)

    def was_paid(self, order_id: int) -> bool:
        """Say whether an order was ever paid, refunded since or not."""
        return OrderStatus.PAID in self.order_history(order_id)

    def order_to_pay(self, payment_token: str) -> Order | None:
        """Find the order of a payment token; None when there is none, or the token has expired."""
        with self.database.read() as tx:
            order = find_order_by_token(tx, payment_token)
            return order if order and tx.now < order.created_at + TOKEN_SECONDS else None

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def _player(tx: Transaction, project_id: int, player_id: str) -> Player:
    player = find_player(tx, project_id, player_id)
    if player is None:
        raise LookupError(f"no player {player_id!r} in project {project_id}")
    return player


def _player_and_chain(tx: Transaction, player_number: int, chain_id: int) -> tuple[Player, Chain]:
    player = numbered_player(tx, player_number)
    if player is None:
        raise NotFoundError("Player not found")
    chain = find_of_any_kind(tx, player.project_id, chain_id)
    if chain is None:
        raise NotFoundError("Chain not found")
    return player, chain


def _order(tx: Transaction, order_id: int) -> Order:
    order = find_order(tx, order_id)
    if order is None:
        raise OrderNotFoundError
    return order
