"""Sends the webhooks of the outbox, signed and repeated as documented (client contract, section 8)."""
