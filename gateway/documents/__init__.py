"""Trusted documents: the texts that game builds send, known before, and those that clients register themselves."""
