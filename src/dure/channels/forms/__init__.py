"""Forms and approvals: what an automation asks people for, in a channel or on a page, and what they answer."""
