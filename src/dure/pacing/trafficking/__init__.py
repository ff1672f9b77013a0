"""From booked to on air: trafficking, the second person's look, going live."""
