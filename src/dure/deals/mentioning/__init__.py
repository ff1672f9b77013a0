"""Open deals whose account is named in a text."""
