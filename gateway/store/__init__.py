"""What a fleet of gateway processes shares: records, events, poll tickets, confirmations.

`ports` says what can be asked. `local` answers within one process, over SQLite or in memory; `shared` answers for a
fleet, over the Redis protocol.
"""
