"""What people do with what apps show them: buttons, selects, modals, commands, shortcuts, the app's home."""
