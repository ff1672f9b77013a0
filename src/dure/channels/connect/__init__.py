"""Invitations to share a channel with another organisation: sent, accepted, approved by both sides, connected."""
