"""Worker processes that serve one port together, and the process that starts and replaces them."""
