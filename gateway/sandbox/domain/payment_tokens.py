"""Payment tokens: random text that has to be URL-encoded, as the upstream's may have to be."""

import base64
from collections.abc import Callable

_RANDOM_BYTES = 25


class PaymentTokens:
    """Makes payment tokens."""

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        """Take the source of randomness."""
        self._random_bytes = random_bytes

    def make(self) -> str:
        """Make a token: 36 characters of which the last two are `=` and some may be `+` or `/`."""
        return base64.b64encode(self._random_bytes(_RANDOM_BYTES)).decode()
