"""The publisher's calls."""
