"""What is wrong with a line item, when that becomes a card, and what people said to it."""
