"""The vendors' ways of sending events, a file each; beside them what they need for their own shapes."""
