"""What stands between a question and the log: turns, bounds, what is kept, and how a running one is watched."""
