"""Who calls: credentials, their verification, and the address that a request comes from."""
