"""A deal's one line of everything: what was changed, noted, said, delivered and written about the customer."""
