"""The player's calls."""
