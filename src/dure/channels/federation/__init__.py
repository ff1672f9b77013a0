"""Channels shared with an organisation on another server: pairing, signed requests, what crosses and in which order."""
