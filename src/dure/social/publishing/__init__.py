"""Posts of the company's own: planned, written for each network, approved by somebody else, said once."""
