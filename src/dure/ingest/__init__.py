"""Doors for outside events: each protocol is decoded, checked by one pipeline, and stored before it is answered."""
