"""How a player pays: who sends the order, and the payment page for an order's token (client contract, 5.3)."""

from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote


class PaymentMode(Enum):
    """Whether paying moves real money."""

    LIVE = "live"
    SANDBOX = "sandbox"


class OrderMode(Enum):
    """Who sends an order; prices and payment methods follow the sender's address (client contract, 6.5)."""

    GATEWAY = "gateway"
    DIRECT = "direct"


VENDOR_PAGES = {
    PaymentMode.LIVE: "https://secure.xsolla.com/paystation4/",
    PaymentMode.SANDBOX: "https://sandbox-secure.xsolla.com/paystation4/",
}


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """The payment page of a mode; `address` replaces the vendor's."""

    mode: PaymentMode
    address: str | None = None

    def url(self, token: str) -> str:
        """The page for an order's token. The token is a secret of the player: never log this URL."""
        return f"{self.address or VENDOR_PAGES[self.mode]}?token={quote(token, safe='')}"
