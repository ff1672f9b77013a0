"""Reminders: what somebody wants to be told, and when."""
