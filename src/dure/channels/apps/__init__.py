"""Apps: what they are made of, where they are installed."""
