"""Events on their way out: a history as files, and storage that is written to continuously."""
