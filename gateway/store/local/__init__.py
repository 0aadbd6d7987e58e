"""The ports within one process: over SQLite where it must survive a restart, in memory elsewhere."""
