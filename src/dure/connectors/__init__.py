"""One file per outside service, each filling a Protocol that a slice owns."""
