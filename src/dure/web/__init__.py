"""The kit for screens and HTTP: shell, static files, live socket, error to response. It knows no product."""
