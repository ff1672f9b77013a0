"""Information barriers: groups of people who may not talk with each other."""
