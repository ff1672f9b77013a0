"""People who may become customers."""
