"""What the gateway caches for each player: single-flight loads over a store bounded by bytes."""
