"""When a team is open: calendars of opening hours, and time counted in them."""
