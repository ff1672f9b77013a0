"""Charters: what a channel is for, who belongs there and why, how fast it answers, and what goes elsewhere."""
