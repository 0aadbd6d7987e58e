"""Who is calling: credentials, their verification, and the address that a request comes from."""
