"""The sandbox's pure rules."""
