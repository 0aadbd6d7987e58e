"""The HTTP server: listening, bounds on what clients may send and hold, and an orderly end."""
