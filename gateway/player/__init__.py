"""What one player can read and do, what of it is kept and for how long, and what a write forgets."""

from gateway.player.once import Once
from gateway.player.waits import Listening


class Player(Listening, Once):
    """The doors to the upstream that one caller has during one request."""
