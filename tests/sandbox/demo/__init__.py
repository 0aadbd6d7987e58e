"""The demo project, as a new player meets it."""
