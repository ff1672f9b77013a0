"""Organisations, workspaces, users, tokens and who may do what."""
