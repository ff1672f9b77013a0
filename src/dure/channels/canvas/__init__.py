"""Pages: one that a channel pins, and those that stand alone. Slack calls them canvases."""
