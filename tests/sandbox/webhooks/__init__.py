"""Webhooks on their way, and what is in them."""
