"""Files of another system on their way in."""
