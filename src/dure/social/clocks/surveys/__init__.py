"""Whether customers were satisfied: asked once for every resolved conversation, answered on a page without an account."""
