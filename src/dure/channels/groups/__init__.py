"""User groups: people who are mentioned by one handle."""
