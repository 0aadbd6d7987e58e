"""What chains, steps, prices and orders are, and the rules that follow from them; no input or output happens here."""
