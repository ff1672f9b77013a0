"""What the feed's events mean to apps: a file of tellers for each noun, collected in `registry`."""
