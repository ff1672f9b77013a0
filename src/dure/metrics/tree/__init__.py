"""The North Star tree: a number, the numbers that make it, and how much each had to do with a change."""
