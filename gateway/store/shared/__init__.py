"""The ports for a fleet, over the Redis protocol (Valkey 7.2 or later, Redis 7.0 or later)."""
