"""Channels' SQL, a file for each noun."""
