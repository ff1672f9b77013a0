"""What the company listens for: queries over mentions, themes, shares of voice, and what is more than usual."""
