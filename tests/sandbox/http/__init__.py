"""What all of the sandbox's calls share."""
