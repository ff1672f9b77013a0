"""Stages: everybody in exactly one of eight."""
