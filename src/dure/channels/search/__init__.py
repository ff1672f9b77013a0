"""Finding messages, files, people and channels."""
