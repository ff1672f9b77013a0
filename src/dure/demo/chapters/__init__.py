"""The story's chapters. Each acts through a door and reads back, through a door, what came of it."""
