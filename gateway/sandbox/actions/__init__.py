"""What players do: take and order steps, order items, pay, and change clans."""
