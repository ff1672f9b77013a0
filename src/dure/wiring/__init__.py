"""How the house is put together, a file a room; `main` is its table of contents."""
