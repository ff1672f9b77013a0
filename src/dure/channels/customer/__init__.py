"""Which customer a channel belongs to, by which topic, and what stands open there."""
