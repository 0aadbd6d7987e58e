"""The sandbox's own pages for people, and the payment page."""
