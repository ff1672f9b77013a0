"""Figures and line items out of files: which column says what, rows read one by one, findings with their lines."""
