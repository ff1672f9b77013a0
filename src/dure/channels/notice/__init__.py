"""What reaches a person: which message concerns whom, and how they are told."""
