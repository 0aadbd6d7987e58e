"""How one process takes part in a fleet: what it hears of the others, and what it keeps and tells because of it."""
