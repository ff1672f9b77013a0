"""People: which ids are one person, what is known of them, and everything they did in one line."""
