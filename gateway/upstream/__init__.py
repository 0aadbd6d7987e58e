"""HTTP out: one method per upstream call, the reader of its answers, and the pool beneath them."""
