"""How long what was said is kept, what is held for the law, and taking away what is neither."""
