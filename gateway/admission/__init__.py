"""Who may go on now: upstream calls under way, fair waiting, and how often a player or an address may ask."""
