"""Sales: accounts, contacts, opportunities and the stages they pass."""
