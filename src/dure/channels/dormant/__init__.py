"""Channels that nobody writes in any more."""
