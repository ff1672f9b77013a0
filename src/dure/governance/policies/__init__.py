"""Rules that an organisation sets for the whole and a workspace may tighten."""
