"""Alerts: who watches which metric, and when it is crossed or unusual."""
