"""Ad operations: line items, what they deliver, where they will end, and alerts that are worth reading."""
