"""Campaigns: who enters, what they get and when, what is held back, and how it went."""
