"""What one player can read and do, what of it is kept and for how long, and what a write forgets."""

from gateway.player.listening import Listening
from gateway.player.writes import Writes


class Player(Listening, Writes):
    """The doors to the upstream that one visitor has during one request."""
