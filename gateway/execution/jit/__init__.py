"""Queries compiled to Python: a plan of what is selected, the code made of it, and how that code runs."""
