"""What the playground writes to its own feed."""

FILLED = "Playground Filled"
