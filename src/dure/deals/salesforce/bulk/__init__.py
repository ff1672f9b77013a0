"""Bulk 2.0: jobs that read or write many records, worked off beside the doors and kept in the database."""
