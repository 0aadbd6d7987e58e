"""Sends the webhooks of the outbox, signed and repeated as documented (client contract, 8)."""
