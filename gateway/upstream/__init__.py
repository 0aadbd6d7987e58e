"""The REST calls of the upstream: one method for each, and the only reader of its JSON."""
