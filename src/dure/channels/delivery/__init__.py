"""What apps are told, and how it reaches them: a queue for each app, sockets, addresses, questions."""
