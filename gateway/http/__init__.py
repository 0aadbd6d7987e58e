"""The HTTP/1.1 client: requests and responses, and a transport with a keep-alive pool of its own."""
