"""Metrics: the one definition of count, funnel, retention, trend and path, and the catalogue of agreed numbers."""
