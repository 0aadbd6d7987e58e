"""The environment variables by which `python -m loadtest` tells locust what to run."""

TOKENS = "LOADTEST_TOKENS"
"""The file of tokens."""

PLAYERS = "LOADTEST_PLAYERS"
"""How many players there are."""

PAUSE = "LOADTEST_PAUSE"
"""Seconds that a player waits between two things, on average."""
