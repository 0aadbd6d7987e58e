"""A project's chains as a player would see them: the embedded sandbox behind the gateway, both in this process."""
