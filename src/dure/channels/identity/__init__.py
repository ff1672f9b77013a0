"""Signing in to other programs with one's account here: Slack's OpenID Connect, with Dure as its provider."""
