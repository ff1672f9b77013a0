"""What every room may use: ids, clock, errors. Standard library only."""
