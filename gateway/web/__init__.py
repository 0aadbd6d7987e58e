"""HTTP in: the GraphQL endpoint, the GraphiQL page, health checks and middleware."""
