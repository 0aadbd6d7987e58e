"""The chaos suite: players go on while everything around the gateway fails; run it with `scripts/chaos`."""
