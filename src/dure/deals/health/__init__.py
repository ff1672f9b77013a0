"""How a deal is doing: momentum and the relationship with the customer, from what the feed tells."""
