"""The calls with which a publisher configures a project (admin contract)."""
