"""Whose is a mention: rules of policy first, then what was learned of people's decisions; unsure ones go to people."""
