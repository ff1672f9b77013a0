"""The relationship with an account, over all its channels and deals."""
