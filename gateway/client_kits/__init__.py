"""Client code for games: one file for each language, with types, operations and what sends them safely."""
