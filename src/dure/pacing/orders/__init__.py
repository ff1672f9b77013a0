"""What a customer ordered: line items under one budget."""
