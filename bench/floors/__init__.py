"""What nothing can be faster than: an answer without work, and the upstream calls without anything else."""
