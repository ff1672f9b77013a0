"""What every room may use: ids, clock, errors. The standard library and msgspec only."""
