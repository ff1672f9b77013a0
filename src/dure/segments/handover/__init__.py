"""Handing a segment to another team, and how that came out."""
