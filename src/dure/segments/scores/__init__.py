"""Scores: who is likely to leave, to convert, or to be like others."""
