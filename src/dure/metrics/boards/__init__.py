"""Boards: numbers side by side, narrowed by a bar, shared by links and posted to channels."""
