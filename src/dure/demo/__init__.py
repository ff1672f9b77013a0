"""A simulated audio company, Sorimaru (소리마루): pure functions of a seed and an end time; no I/O."""
