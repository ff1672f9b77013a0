"""What apps are told, and how it reaches them: sockets, or HTTP."""
