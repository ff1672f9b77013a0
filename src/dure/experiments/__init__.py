"""Who is in which half, and what the halves say: assignment and statistics. Pure; keeps nothing."""
