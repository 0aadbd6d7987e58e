"""Snapshots of real projects: read through the documented Admin calls, kept in a file, loaded, and compared."""
