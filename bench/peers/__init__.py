"""What a team would take instead of the gateway, written as such a team would write it."""
