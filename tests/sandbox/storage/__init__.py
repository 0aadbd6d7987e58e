"""The sandbox's database: files, restarts, processes and constraints."""
