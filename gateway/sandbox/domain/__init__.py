"""Pure rules and vocabulary: prices, schedules, visibility, languages, tokens. Nothing here knows the database."""
