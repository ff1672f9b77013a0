"""What comes back for a message: opened, clicked, bounced, complained about; and the way out of the list."""
