"""The HTTP/1.1 client: a transport for httpx with a keep-alive pool of its own."""
