"""What employees say of themselves: status, telephone, pronouns, a photograph."""
