"""Whose a mention is: by a handle or an address that only one person has, or by hand; never by a guess."""
