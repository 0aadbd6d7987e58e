"""Measures the gateway against what a team would take instead; `scripts/bench` runs it, README.md explains it."""
