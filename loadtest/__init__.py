"""A load test of a running gateway: players who open the screen, watch the badge, claim and order. See README.md."""
