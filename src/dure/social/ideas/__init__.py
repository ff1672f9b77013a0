"""Ideas for the product: what people ask for outside and inside, who asks, what it is worth, and what becomes of it."""
