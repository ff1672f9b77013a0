"""Which open deals will be won: a forecast by stage, and one learned from the workspace's own closed deals."""
