"""Trials: test sends and copies for a seed list, which no count, cap or result knows of."""
