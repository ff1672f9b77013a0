"""Making good for what was not delivered: proposed, approved, booked as a line item of its own."""
