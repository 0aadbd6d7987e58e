"""What the gateway remembers for each player: single-flight loads over a store bounded by bytes."""
