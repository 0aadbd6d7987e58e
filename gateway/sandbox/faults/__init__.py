"""Faults on purpose: which ones are switched on, and the middleware in which they happen."""
