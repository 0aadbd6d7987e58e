"""Orders under way: in which order their states come, and who waits for the next one."""
