"""What line items delivered: figures by day and hour, whose they are, and how fresh."""
