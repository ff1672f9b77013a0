"""What is sold, for how much, and how many of it a deal is about."""
