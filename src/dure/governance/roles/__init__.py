"""Who may do what: the one table of rights, roles of an organisation's own, guests with an end, requests."""
