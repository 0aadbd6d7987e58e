"""Tests of the upstream client and its transport."""
