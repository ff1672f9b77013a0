"""Dure: one server for the five teams that share a customer."""

__version__ = "0.1.0"
