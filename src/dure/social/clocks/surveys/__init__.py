"""Whether customers were satisfied: asked once for each resolved conversation, answered without an account."""
