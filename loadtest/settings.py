"""The environment variables by which `python -m loadtest` tells locust what to run."""

TOKENS = "LOADTEST_TOKENS"
"""The file of tokens."""

PLAYERS = "LOADTEST_PLAYERS"
"""How many players there are."""

SUMMARY = "LOADTEST_SUMMARY"
"""The file into which the run's figures go."""

PROCESSES = "LOADTEST_PROCESSES"
"""In how many processes the players are."""

PAUSE = "LOADTEST_PAUSE"
"""Seconds that a player waits between two things, on average."""
