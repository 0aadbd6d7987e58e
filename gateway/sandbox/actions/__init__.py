"""What players do: claim and order steps, order items, pay, and change clans."""
