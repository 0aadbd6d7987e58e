"""The HTTP server: listening, limits on what clients may send and hold, and graceful shutdown."""
