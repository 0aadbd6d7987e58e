"""How an operation runs: parsed and validated once, executed, and its errors put into public words."""
