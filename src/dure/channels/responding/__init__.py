"""How long people from outside wait for an answer in a channel: clocks in opening hours, and what becomes of them."""
