"""What the feed's events mean to apps, a file for each noun."""
