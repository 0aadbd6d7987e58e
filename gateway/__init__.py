"""A typed GraphQL surface for a player's offer chains and reward chains."""

__version__ = "0.1.0"
