"""Every change of every field: who, when, before and after."""
