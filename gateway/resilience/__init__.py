"""What keeps an upstream in trouble from costing players: windows, breakers, a retry budget, and a bound of reads."""
