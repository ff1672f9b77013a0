"""People at customers, and what they are to a deal."""
