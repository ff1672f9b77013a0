"""What numbers of two or more arms say. Pure: sums in, estimates out; every method names its source."""
