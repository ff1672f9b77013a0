"""Advocacy: what the company says, for its people to share in their own name; told apart from the brand's own."""
