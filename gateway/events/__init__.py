"""What happens to a player: changes, who listens for them, and which credentials are theirs."""
