"""What happens to a player: changes, who hears of them, and the vendor's webhooks that tell of them."""
