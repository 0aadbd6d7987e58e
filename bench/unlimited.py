"""Settings of a gateway under load from one machine."""

UNLIMITED = {
    f"GATEWAY_{name}_PER_SECOND": "off"
    for name in ("PLAYER_CALLS", "PLAYER_MUTATIONS", "ADDRESS_CALLS", "ADDRESS_MUTATIONS", "NEW_TOKEN_CALLS")
} | {"GATEWAY_PLAYER_STREAMS": "off", "GATEWAY_PLAYER_ORDERS": "off"}
"""No limits of players and addresses: all of the bench's come from one machine, and ask as fast as they can."""
