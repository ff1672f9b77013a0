"""Who is here just now, and who is writing."""
