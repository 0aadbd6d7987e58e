"""The sandbox's pages, as people see them."""
