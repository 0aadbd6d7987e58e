"""Looks at everything that a gateway depends on, without changing anything, and says what to fix."""
