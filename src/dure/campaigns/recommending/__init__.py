"""What somebody may like next: a catalogue, what people heard, and several kinds of recommendations side by side."""
