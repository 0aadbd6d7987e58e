"""What one player can read and do, what of it is kept and for how long, and what a write forgets."""

from gateway.player.listening import Listening
from gateway.player.once import Once


class Player(Listening, Once):
    """The doors to the upstream that one visitor has during one request."""
