"""Channels of several workspaces of an organisation and of the whole, and what its administrators do with all."""
