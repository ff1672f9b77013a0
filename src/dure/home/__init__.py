"""The first screen: what needs me today, asked of the slices' own API like everybody asks it."""
