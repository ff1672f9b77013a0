"""What a person keeps for themselves: drafts, and the order of their sidebar."""
