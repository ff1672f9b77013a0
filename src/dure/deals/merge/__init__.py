"""Records that are the same: found, made one, and taken apart again."""
