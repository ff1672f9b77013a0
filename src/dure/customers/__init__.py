"""One page for each customer, and the list of all: what every product knows of them, asked of the slices' own API."""
