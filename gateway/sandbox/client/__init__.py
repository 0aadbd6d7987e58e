"""The calls that a player's game makes (client contract, 1 to 3 and 5.1)."""
