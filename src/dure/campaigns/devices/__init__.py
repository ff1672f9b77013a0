"""Where people get pushes: their browsers and the apps on their phones."""
