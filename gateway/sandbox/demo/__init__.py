"""The demo projects: their names and secrets, what is in them, and tokens for their players."""
