"""People's ways through campaigns: how they come in, move in sets, and what is sent to them on their way."""
