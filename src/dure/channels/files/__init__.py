"""Files: their bytes, who may have them, where they are shared."""
