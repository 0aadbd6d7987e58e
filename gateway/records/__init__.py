"""What survives a restart: one SQLite file, and the stores on it."""
