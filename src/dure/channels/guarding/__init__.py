"""Rules of what may not be said, asked before anybody is told."""
