"""Social: what people say outside, read, folded, counted, and brought to the team that must know."""
